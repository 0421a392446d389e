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

    /// <summary>The argument that names the storage types it was brought to, in turn.</summary>
    public const string Types = "types";

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
        if (form == OwnForm && origin is { IsBrickFile: true, Operation: null, IsChanged: false })
            return brick.Manifest.Log;
        List<LoggedSource> sources = [new(origin.Brick, brick.Manifest.Log)];
        if ((target ?? origin.Model) is { } model)
            sources.Add(LoggedSource.Of("model", model.Checkpoint) with { Log = [] });
        var types = origin.Types.Count > 0 ? string.Join(' ', origin.Types) : null;
        return OperationLog.After(origin.Operation ?? new LoggedOperation
        {
            Name = Conversion,
            Arguments = LoggedOperation.Given((Form, form), ("id", brick.Id), (Licence, origin.Licence), (Types, types)),
        }, sources);
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
