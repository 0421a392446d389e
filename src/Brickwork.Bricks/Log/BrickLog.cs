using Brickwork.Formats.Log;

namespace Brickwork.Bricks.Log;

/// <summary>The log of a brick that is written: a conversion where it was read from a file, or else what made it.</summary>
static class BrickLog
{
    /// <summary>The name of the conversion.</summary>
    public const string Conversion = "convert-brick";

    /// <summary>The argument that names the form.</summary>
    public const string Form = "form";

    /// <summary>The argument that names new terms.</summary>
    public const string Licence = "licence";

    /// <summary>The forms that a brick is written in.</summary>
    public const string OwnForm = "brick", GgufForm = "gguf", PeftForm = "peft";

    /// <param name="brick">What is written.</param>
    /// <param name="form">Its form.</param>
    /// <param name="target">The model that the form asks for, if any.</param>
    public static IReadOnlyList<LoggedOperation> Of(Brick brick, string form, LanguageModel? target)
    {
        if (brick.Origin is not { } origin)
            return InForm(brick.Manifest.Log, form);
        // A copy is no operation.
        if (form == OwnForm && origin is { IsBrickFile: true, Operation: null, Licence: null })
            return brick.Manifest.Log;
        List<LoggedSource> sources = [brick.AsSource];
        if ((target ?? origin.Model) is { } model)
            sources.Add(LoggedSource.Of("model", model.Checkpoint) with { Log = [] });
        return OperationLog.After(origin.Operation ?? new LoggedOperation { Name = Conversion, Arguments = LoggedOperation.Given((Form, form), ("id", brick.Id), (Licence, origin.Licence)) }, sources);
    }

    /// <summary>What made a brick in memory did not know yet in which form it would be written.</summary>
    static IReadOnlyList<LoggedOperation> InForm(IReadOnlyList<LoggedOperation> log, string form)
    {
        if (log is not [.., var last] || !last.Arguments.ContainsKey(Form))
            return log;
        var arguments = last.Arguments.Select(argument => (argument.Key, (string?)(argument.Key == Form ? form : argument.Value)));
        return [.. log.SkipLast(1), last with { Arguments = LoggedOperation.Given([.. arguments]) }];
    }
}
