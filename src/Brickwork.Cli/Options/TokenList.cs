using System.Globalization;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Options;

/// <summary>Token ids on the command line: <c>1,2,3</c>.</summary>
static class TokenList
{
    /// <exception cref="UsageException">There is no number, or something that is none.</exception>
    public static int[] Parse(string text)
    {
        var numbers = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return numbers.Length > 0
            ? [.. numbers.Select(One)]
            : throw new UsageException($"The list '{text}' holds no tokens or numbers; expected at least one whole number.", "Write them comma-separated: 1,2,3");
    }

    static int One(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new UsageException($"'{text}' is no token id; expected whole numbers, comma-separated.", "Find the ids of a text: brick tokenize \"TEXT\"");
}
