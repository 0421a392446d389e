using System.Globalization;
using Brickwork.Bricks.Log;
using Brickwork.Formats.Log;
using Brickwork.Models.Conversion;

namespace Brickwork.Bricks.Route;

/// <summary>What gates and fusions tell of their training: all that decides a byte of them.</summary>
static class ShortTrainingLog
{
    /// <summary>The operations.</summary>
    public const string Gates = "gates", Fusion = "fuse";

    /// <summary>The ids of the bricks, a line each: those of other forms than our own are called like their files.</summary>
    public const string Bricks = "bricks";

    /// <summary>How long, and in what pieces texts are read.</summary>
    public const string Steps = "steps", Rate = "rate", Documents = "documents", Length = "length", BatchTokens = "batchTokens";

    /// <summary>What a new fusion is.</summary>
    public const string Id = "id", Width = "width";

    /// <param name="operation">Its name, and what it says beside the training; inputs are added here.</param>
    /// <param name="model">The model that rests.</param>
    /// <param name="bricks">The bricks, in order.</param>
    /// <param name="options">Steps and rate.</param>
    /// <param name="texts">What is learnt from; null = what was in memory only.</param>
    public static IReadOnlyList<LoggedOperation> Of(LoggedOperation operation, LanguageModel model, IReadOnlyList<Brick> bricks, ShortTraining options, ExampleTexts? texts)
    {
        (string, string?)[] arguments =
        [
            (BrickLog.Form, BrickLog.OwnForm),
            .. operation.Arguments.Select(argument => (argument.Key, (string?)argument.Value)),
            (Bricks, string.Join('\n', bricks.Select(brick => brick.Id))),
            (Steps, Text(options.Steps)),
            (Rate, Text(options.Rate)),
            (Documents, Text(texts?.Documents)),
            (Length, Text(texts?.Length)),
            (BatchTokens, Text(texts?.BatchTokens)),
            .. ComputeLog.Of(model),
        ];
        return OperationLog.After(operation with { Arguments = LoggedOperation.Given(arguments) }, [.. Sources(model, bricks, texts)]);
    }

    static IEnumerable<LoggedSource> Sources(LanguageModel model, IReadOnlyList<Brick> bricks, ExampleTexts? texts)
    {
        foreach (var source in ConversionLog.FilesOf(model.Checkpoint))
            yield return source;
        // Which file such a brick came from is not known any more.
        foreach (var plugged in model.Bricks)
            yield return LoggedSource.InMemory("plugged", plugged.Id, []);
        foreach (var brick in bricks)
            yield return brick.AsSource;
        foreach (var source in texts is null ? [LoggedSource.InMemory("texts", "batches", [])] : LoggedTexts.Of(texts.Paths))
            yield return source;
    }

    static string? Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);
}
