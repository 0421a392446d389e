using System.Text;
using System.Text.RegularExpressions;

namespace Brickwork.Mixture.Readers;

/// <summary>Dictionaries in dictd's form: one text, and an index with the place of each article.</summary>
static partial class Dictionaries
{
    // What only refers to another article is shorter.
    const int Shortest = 50;
    const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>The articles, so many to a document, in the order of the text.</summary>
    public static Func<string, IEnumerable<string>> Articles(int perDocument) => path =>
        Articles(path).Where(article => article.Length >= Shortest).Chunk(perDocument).Select(articles => string.Join("\n\n", articles));

    /// <summary>The articles as they stand in the text, without marks.</summary>
    public static IEnumerable<string> Articles(string path)
    {
        var text = Plain.Bytes(path);
        var places = File.ReadLines(path[..^"dict.dz".Length] + "index").Select(line => line.Split('\t')).Where(fields => fields.Length >= 3 && !fields[0].StartsWith("00", StringComparison.Ordinal))
            .Select(fields => (Start: Number(fields[1]), Length: Number(fields[2]))).Distinct().Order();
        foreach (var (start, length) in places)
            yield return Words(Encoding.UTF8.GetString(text, start, length));
    }

    // What belongs to the book and not to the language: sources in brackets, marks of links and of pronunciation.
    static string Words(string article)
    {
        article = Source().Replace(article, "");
        article = Spelling().Replace(article, "");
        article = article.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        return Plain.Tidy(string.Join('\n', Joined(article.Split('\n'))));
    }

    // Lines of a definition are wrapped and indented; a line that is indented less, or starts a sense, begins anew.
    static IEnumerable<string> Joined(string[] lines)
    {
        var current = "";
        foreach (var line in lines)
        {
            var starts = line.Length == 0 || current.Length == 0 || line[0] != ' ' || Sense().IsMatch(line);
            if (!starts)
            {
                current += " " + line.Trim();
                continue;
            }
            if (current.Length > 0)
                yield return current;
            current = line.Trim();
        }
        yield return current;
    }

    static int Number(string letters) => letters.Aggregate(0, (number, letter) => number * 64 + Digits.IndexOf(letter));

    [GeneratedRegex(@"\[(1913 Webster|PJC|WordNet[^\]]*|Webster[^\]]*|[A-Z][\w ]*Supp\.)[^\]]*\]|^\s*\(\d{4}-\d\d-\d\d\)\s*$", RegexOptions.Multiline)]
    private static partial Regex Source();

    [GeneratedRegex(@" \\[^\\\n]*\\,?")]
    private static partial Regex Spelling();

    [GeneratedRegex(@"^\s*(\d+[.:]|\(\w\)|(n|v|adj|adv) \d+:|Syn:|Note:)")]
    private static partial Regex Sense();
}
