using System.Text;
using System.Text.RegularExpressions;

namespace Brickwork.Mixture.Readers;

/// <summary>The words of a manual page in roff's man macros; pages in other macros give nothing.</summary>
static partial class ManualPage
{
    /// <summary>A page is a document.</summary>
    public static IEnumerable<string> Page(string path)
    {
        var source = Plain.Text(path);
        return source.Contains("\n.SH", StringComparison.Ordinal) ? [Words(source)] : [];
    }

    static string Words(string source)
    {
        var text = new StringBuilder();
        var lines = source.Replace("\\\n", "", StringComparison.Ordinal).Split('\n');
        var (table, literal, tagged) = (false, false, false);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith(".TS", StringComparison.Ordinal) || line.StartsWith(".TE", StringComparison.Ordinal))
                table = line[2] == 'S';
            else if (Definition().IsMatch(line))
                while (i + 1 < lines.Length && !lines[++i].StartsWith("..", StringComparison.Ordinal)) { }
            else if (!table && line.Length > 0 && line[0] is '.' or '\'')
                Macro(line, text, ref literal, ref tagged);
            else if (!table)
                Append(text, Unescape(line), literal, ref tagged);
        }
        return text.ToString();
    }

    static void Macro(string line, StringBuilder text, ref bool literal, ref bool tagged)
    {
        var match = MacroCall().Match(line);
        var (name, words) = (match.Groups[1].Value, Argument().Matches(match.Groups[2].Value).Select(word => Unescape(word.Groups[1].Success ? word.Groups[1].Value.Replace("\"\"", "\"") : word.Value)).ToArray());
        switch (name)
        {
            case "SH" or "SS":
                Break(text, 2);
                text.Append(string.Join(' ', words)).Append('\n');
                break;
            case "PP" or "P" or "LP" or "HP" or "sp":
                Break(text, 2);
                break;
            case "TP" or "TQ":
                Break(text, 2);
                tagged = true;
                break;
            case "IP":
                Break(text, 2);
                if (words.Length > 0)
                    text.Append(words[0]).Append(words[0].Length < 3 ? ' ' : '\n');
                break;
            case "br":
                Break(text, 1);
                break;
            case "nf" or "EX":
                Break(text, 2);
                literal = true;
                break;
            case "fi" or "EE":
                literal = false;
                Break(text, 2);
                break;
            case "B" or "I" or "SM" or "SB" or "R":
                Append(text, string.Join(' ', words), literal, ref tagged);
                break;
            case "BR" or "RB" or "BI" or "IB" or "IR" or "RI":
                Append(text, string.Concat(words), literal, ref tagged);
                break;
        }
    }

    static void Append(StringBuilder text, string words, bool literal, ref bool tagged)
    {
        if (words.Length == 0)
        {
            Break(text, 2);
            return;
        }
        if (text.Length > 0 && text[^1] != '\n')
            text.Append(literal ? '\n' : ' ');
        text.Append(literal ? words : words.Trim());
        if (literal || tagged)
            text.Append('\n');
        tagged = false;
    }

    static void Break(StringBuilder text, int lines)
    {
        var have = 0;
        while (have < text.Length && have < 2 && text[^(have + 1)] == '\n')
            have++;
        if (text.Length > 0)
            text.Append('\n', Math.Max(0, lines - have));
    }

    static string Unescape(string text)
    {
        text = Comment().Replace(text, "");
        text = Font().Replace(text, "");
        text = Special().Replace(text, match => (match.Groups[1].Value + match.Groups[2].Value) switch
        {
            "bu" => "-", "em" => "--", "en" => "-", "lq" or "rq" or "dq" => "\"", "aq" or "oq" or "cq" => "'", "co" => "(c)", "mc" => "u", "ti" => "~", "ha" => "^", "rs" => "\\",
            "<=" => "<=", ">=" => ">=", "!=" => "!=", "->" => "->", "+-" => "+-", "mu" => "x", "ga" => "`", "hy" => "-", _ => "",
        });
        return text.Replace("\\-", "-").Replace("\\&", "").Replace("\\e", "\\").Replace("\\ ", " ").Replace("\\~", " ").Replace("\\|", "").Replace("\\^", "").Replace("\\:", "")
            .Replace("\\%", "").Replace("\\/", "").Replace("\\,", "").Replace("\\'", "'").Replace("\\`", "`").Replace("\\0", " ").Replace("\\c", "").Replace("\\.", ".").Replace("\\)", "");
    }

    [GeneratedRegex(@"^[.']\s*(de|ig|am)\b")]
    private static partial Regex Definition();

    [GeneratedRegex(@"^[.']\s*([A-Za-z]{1,2})(?:\s+(.*))?$")]
    private static partial Regex MacroCall();

    [GeneratedRegex("\"((?:[^\"]|\"\")*)\"|\\S+")]
    private static partial Regex Argument();

    [GeneratedRegex("\\\\[\"#].*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\f(\[[^\]]*\]|\(..|.)|\\s(\[[^\]]*\]|[-+]?\d{1,2})|\\m\[[^\]]*\]|\\[hvwu]'[^']*'|\\\*(\[[^\]]*\]|\(..|.)|\\n(\[[^\]]*\]|\(..|.)")]
    private static partial Regex Font();

    [GeneratedRegex(@"\\(?:\((..)|\[([^\]]*)\])")]
    private static partial Regex Special();
}
