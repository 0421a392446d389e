using System.Globalization;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Options;

/// <summary>Biases on the command line: <c>ID:VALUE</c>.</summary>
static class LogitBiases
{
    public static Dictionary<int, float> Parse(string[] texts)
    {
        var biases = new Dictionary<int, float>();
        foreach (var text in texts)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !int.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !TryValue(text[(colon + 1)..], out var value))
                throw new UsageException($"'{text}' is no bias; expected ID:VALUE, such as 13:-2.5 or 13:-inf.", "Find the ids of a text: brick tokenize \"TEXT\"");
            biases[id] = value;
        }
        return biases;
    }

    static bool TryValue(string text, out float value)
    {
        value = float.NegativeInfinity;
        return text.Equals("-inf", StringComparison.OrdinalIgnoreCase) || float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
