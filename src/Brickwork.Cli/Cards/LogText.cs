namespace Brickwork.Cli.Cards;

/// <summary>An operation of a log in one line for people; its recipe and the like are left to <c>--log</c>.</summary>
static class LogText
{
    const int MostLetters = 40;

    public static string Of(LoggedOperation operation)
    {
        var arguments = operation.Arguments.Where(argument => argument.Value.Length <= MostLetters && !argument.Value.Contains('\n', StringComparison.Ordinal)).Take(6).Select(argument => $"{argument.Key} {argument.Value}");
        var inputs = operation.Inputs.Select(input => input.Hash is { } hash ? $"{input.Name} ({hash[..Math.Min(8, hash.Length)]}…)" : input.Name);
        var seed = operation.Seed is { } value ? $", seed {value}" : "";
        return $"{operation.Name} {string.Join(", ", arguments)}{seed} of {string.Join(", ", inputs.DefaultIfEmpty("nothing"))}; version {operation.Version}";
    }

    /// <summary>A row for each operation.</summary>
    public static Card Rows(this Card card, IReadOnlyList<LoggedOperation> log)
    {
        for (var index = 0; index < log.Count; index++)
            card.Row(index == 0 ? "made by" : "then", Of(log[index]));
        return card;
    }
}
