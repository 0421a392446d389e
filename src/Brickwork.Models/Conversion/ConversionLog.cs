using System.Globalization;
using Brickwork.Formats.Log;

namespace Brickwork.Models.Conversion;

/// <summary>The log of a model that is written: how its source came to be, and what is done to it now.</summary>
static class ConversionLog
{
    /// <exception cref="CheckpointException">The source's own log cannot be read.</exception>
    public static IReadOnlyList<LoggedOperation> Of(Checkpoint source, string target, ConvertOptions options) =>
        OperationLog.After(options.Operation ?? Describe(target, options), options.Sources ?? SourcesOf(source, options));

    /// <summary>What a log says of the form in which a model is written.</summary>
    public static (string Name, string? Value)[] Arguments(string target, ConvertOptions options) =>
    [
        ("form", FormOf(target)),
        ("type", options.Type?.ToLowerInvariant()),
        ("split", options.MaxFileBytes?.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>The form that the name of an output asks for.</summary>
    public static string FormOf(string target) => ModelConverter.IsGguf(target) ? "gguf" : "folder";

    /// <summary>A model as an input, and its tokenizer where that is a file of its own.</summary>
    public static IEnumerable<LoggedSource> FilesOf(Checkpoint model, CancellationToken cancellation = default)
    {
        yield return LoggedSource.Of("model", model, cancellation);
        if (model is Llama2CCheckpoint { TokenizerSource: var tokenizer } && File.Exists(tokenizer))
            yield return LoggedSource.OfFile("tokenizer", tokenizer, cancellation);
    }

    static LoggedOperation Describe(string target, ConvertOptions options) => new()
    {
        Name = options.Type is { } type && !QuantizationMix.Parse(type).Main.IsPlain() ? "quantize" : "convert",
        Arguments = LoggedOperation.Given(Arguments(target, options)),
    };

    static List<LoggedSource> SourcesOf(Checkpoint source, ConvertOptions options)
    {
        List<LoggedSource> sources = [.. FilesOf(source, options.CancellationToken)];
        if (options.ImportanceMatrix is { } importance)
            sources.Add(LoggedSource.OfFile("importance", importance));
        return sources;
    }
}
