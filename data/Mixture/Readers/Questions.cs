using System.Text.Json;
using System.Text.RegularExpressions;

namespace Brickwork.Mixture.Readers;

/// <summary>Questions with short answers, put together from what dictionaries and lists of facts say.</summary>
static partial class Questions
{
    static readonly (string Section, string[] Fact, string Question)[] AboutCountries =
    [
        ("Government", ["Capital", "name"], "What is the capital of {0}?"),
        ("Geography", ["Location"], "Where is {0}?"),
        ("Geography", ["Climate"], "What is the climate of {0}?"),
        ("Geography", ["Terrain"], "What does the land of {0} look like?"),
        ("Geography", ["Natural resources"], "What natural resources does {0} have?"),
        ("People and Society", ["Languages"], "Which languages are spoken in {0}?"),
        ("People and Society", ["Religions"], "Which religions are there in {0}?"),
        ("Government", ["Government type"], "How is {0} governed?"),
        ("Economy", ["Industries"], "What are the industries of {0}?"),
        ("Economy", ["Agriculture - products"], "What do the farmers of {0} grow?"),
        ("Introduction", ["Background"], "What can you tell me about {0}?"),
    ];

    /// <summary>What words mean: the first sense of nouns, verbs and adjectives that have an explanation of some length.</summary>
    public static IEnumerable<string> OfWords(string path) =>
        Dictionaries.Articles(path).Select(article => Sense().Match(article)).Where(match => match.Success && match.Groups["meaning"].Length >= 30)
            .Select((match, index) => Ask(match.Groups["word"].Value, match.Groups["kind"].Value, match.Groups["meaning"].Value.Trim(), match.Groups["example"].Value, index))
            .Chunk(10).Select(questions => string.Join("\n\n", questions));

    /// <summary>The facts of a country, one by one.</summary>
    public static IEnumerable<string> OfCountries(string path)
    {
        using var json = JsonDocument.Parse(Plain.Text(path));
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Fact(root, "Government", ["Country name", "conventional short form"]) is not { Length: > 1 } name || name == "none")
            return [];
        name = Note().Replace(name, "").Trim();
        var asked = AboutCountries.Select(row => (row.Question, Answer: Fact(root, row.Section, row.Fact))).Where(row => row.Answer is { Length: > 2 })
            .Select(row => $"Question: {string.Format(System.Globalization.CultureInfo.InvariantCulture, row.Question, name)}\nAnswer: {Sentence(row.Answer!)}");
        return [string.Join("\n\n", asked)];
    }

    static string Ask(string word, string kind, string meaning, string example, int index)
    {
        var question = (kind, index % 3) switch
        {
            ("n", 0) => $"What is {("aeiou".Contains(word[0], StringComparison.Ordinal) ? "an" : "a")} {word}?",
            (_, 1) => $"What does \"{word}\" mean?",
            _ => $"What is the meaning of the word \"{word}\"?",
        };
        return $"Question: {question}\nAnswer: {Sentence(meaning)}{(example.Length > 0 ? $" For example: \"{example}\"" : "")}";
    }

    static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..] + (text[^1] is '.' or '!' or '?' ? "" : ".");

    static string? Fact(JsonElement root, string section, string[] path)
    {
        if (!root.TryGetProperty(section, out var value))
            return null;
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty("text", out var text) ? text.GetString() : null;
    }

    [GeneratedRegex("^(?<word>[a-z]{3,})\\n(?<kind>n|v|adj) (?:1)?: ?(?<meaning>[^;\\[\\n\"]+)(?:; \"(?<example>[^\"\\n]+)\")?")]
    private static partial Regex Sense();

    [GeneratedRegex(@"\(.*?\)|;.*")]
    private static partial Regex Note();
}
