using Brickwork.Formats.Log;

namespace Brickwork.Bricks.Log;

/// <summary>The log of a brick that is written: a conversion where it was read from a file, or else what made it.</summary>
static class BrickLog
{
    /// <summary>The name of the conversion.</summary>
    public const string Conversion = "convert-brick";

    /// <summary>The forms that a brick is written in.</summary>
    public const string OwnForm = "brick", GgufForm = "gguf", PeftForm = "peft";

    /// <param name="brick">What is written.</param>
    /// <param name="form">Its form.</param>
    /// <param name="target">The model that the form asks for, if any.</param>
    public static IReadOnlyList<LoggedOperation> Of(Brick brick, string form, LanguageModel? target)
    {
        // A copy is no operation.
        if (brick.Origin is not { } origin || (form == OwnForm && origin.IsBrickFile && origin.Operation is null))
            return brick.Manifest.Log;
        List<LoggedSource> sources = [brick.AsSource];
        if ((target ?? origin.Model) is { } model)
            sources.Add(LoggedSource.Of("model", model.Checkpoint) with { Log = [] });
        return OperationLog.After(origin.Operation ?? new LoggedOperation { Name = Conversion, Arguments = LoggedOperation.Given([("form", form), ("id", brick.Id)]) }, sources);
    }
}
