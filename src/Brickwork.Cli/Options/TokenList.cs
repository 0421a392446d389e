using System.Globalization;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Options;

/// <summary>Token ids on the command line: <c>1,2,3</c>.</summary>
static class TokenList
{
    public static int[] Parse(string text) =>
        [.. text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(One)];

    static int One(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new UsageException($"'{text}' is no token id; expected whole numbers, comma-separated.", "Find the ids of a text: brick tokenize \"TEXT\"");
}
