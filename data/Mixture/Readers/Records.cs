using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Brickwork.Mixture.Readers;

/// <summary>Records of JSON files, of ontologies and of lists.</summary>
static partial class Records
{
    /// <summary>A reader of JSON records whose fields make a text as <see cref="CorpusSource.Template"/> says.</summary>
    public static Func<string, IEnumerable<string>> Json(string template) => path =>
        new Corpus([CorpusSource.From(path) with { Template = template }]).Documents().Select(document => document.Text);

    /// <summary>Grade-school sums with the calculator's marks taken out.</summary>
    public static IEnumerable<string> Sums(string path) =>
        Json("Question: {question}\nAnswer: {answer}")(path).Select(text => Calculator().Replace(text, "").Replace("\n#### ", "\nThe answer is ", StringComparison.Ordinal) + ".");

    /// <summary>The facts of a country: headline and text.</summary>
    public static IEnumerable<string> Facts(string path)
    {
        var text = new StringBuilder();
        using var json = JsonDocument.Parse(Plain.Text(path));
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("Introduction", out _))
            return [];
        foreach (var section in json.RootElement.EnumerateObject().Where(section => section.Value.ValueKind == JsonValueKind.Object))
        {
            text.Append('\n').Append(section.Name).Append('\n');
            foreach (var fact in section.Value.EnumerateObject())
                text.Append($"{fact.Name}: {string.Join("; ", Leaves(fact.Value))}\n");
        }
        return [text.ToString()];
    }

    /// <summary>The definitions of an ontology in OBO form, so many terms to a document.</summary>
    public static Func<string, IEnumerable<string>> Terms(int perDocument) => path =>
        Term().Matches(Plain.Text(path)).Select(match => $"{Capital(match.Groups[1].Value)}: {match.Groups[2].Value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\n", " ", StringComparison.Ordinal)}")
            .Chunk(perDocument).Select(terms => string.Join("\n\n", terms));

    /// <summary>The verses of a chapter, without the marks of their places.</summary>
    public static IEnumerable<string> Verses(string path) =>
        Verse().Matches(Plain.Text(path)).GroupBy(match => match.Groups[1].Value).Select(chapter => string.Join('\n', chapter.Select(verse => $"{verse.Groups[2].Value} {verse.Groups[3].Value.Trim()}")));

    /// <summary>Sayings between lines of a percent sign, so many to a document.</summary>
    public static Func<string, IEnumerable<string>> Sayings(int perDocument) => path =>
        Path.HasExtension(path) ? [] : PercentLine().Split(Plain.Text(path)).Chunk(perDocument).Select(sayings => string.Join("\n\n", sayings.Select(saying => saying.Trim('\n'))));

    /// <summary>A Japanese book in Aozora's form, without readings and notes; a chapter is a document.</summary>
    public static IEnumerable<string> Aozora(string path)
    {
        var text = AozoraMark().Replace(Plain.Text(path), "");
        var start = text.LastIndexOf("-------\n", StringComparison.Ordinal);
        var end = text.IndexOf("\n底本：", StringComparison.Ordinal);
        text = text[(start < 0 ? 0 : start + 8)..(end < 0 ? text.Length : end)];
        // The chapters of the novels here are headed by a number or run for long: some pages are a document.
        return text.Split('\n').Chunk(40).Select(lines => string.Join('\n', lines));
    }

    static IEnumerable<string> Leaves(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Leaves(property.Value).Select(leaf => property.Name == "text" ? leaf : $"{property.Name}: {leaf}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Leaves),
        JsonValueKind.String => [value.GetString()!],
        _ => [value.GetRawText()],
    };

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex("<<[^>]*>>")]
    private static partial Regex Calculator();

    [GeneratedRegex(@"^name: (.+)\n(?:.+\n)*?def: ""((?:[^""\\]|\\.)*)""(?![^\n]*\n(?:.+\n)*is_obsolete: true)", RegexOptions.Multiline)]
    private static partial Regex Term();

    [GeneratedRegex(@"^([1-4]?[A-Za-z]+\d+):(\d+) (.+)$", RegexOptions.Multiline)]
    private static partial Regex Verse();

    [GeneratedRegex(@"^%\n", RegexOptions.Multiline)]
    private static partial Regex PercentLine();

    [GeneratedRegex("《[^》]*》|［＃[^］]*］|｜|※")]
    private static partial Regex AozoraMark();
}
