using System.Globalization;

namespace Brickwork.Cli.Cards;

/// <summary>A metadata value in one line.</summary>
static class MetadataText
{
    const int MostItems = 8;
    const int MostLetters = 100;

    public static string Of(MetadataValue value) => value.Value switch
    {
        Array array => $"[{string.Join(", ", array.Cast<object>().Take(MostItems).Select(One))}{(array.Length > MostItems ? $", … {array.Length} in all" : "")}]",
        var single => One(single),
    };

    static string One(object value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture)!.ReplaceLineEndings("⏎");
        return text.Length > MostLetters ? text[..MostLetters] + "…" : text;
    }
}
