using System.Text;

namespace Brickwork.Data.Reading;

/// <summary>How the fields of a record become its text: <c>{name}</c> is a field, <c>{{</c> a brace.</summary>
sealed class RecordTemplate
{
    const string DefaultField = "text";

    readonly List<(bool IsField, string Text)> _parts = [];

    /// <exception cref="CorpusException">A brace is not closed.</exception>
    public RecordTemplate(string? template)
    {
        Parse(template ?? $"{{{DefaultField}}}");
        Fields = [.. _parts.Where(part => part.IsField).Select(part => part.Text)];
    }

    /// <summary>The names of the fields it asks for.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <param name="place">The file and the record, for the error.</param>
    /// <param name="field">The text of a field, or null where the record has none of that name.</param>
    /// <param name="names">The fields that the record has.</param>
    /// <exception cref="CorpusException">The record lacks a field.</exception>
    public string Fill(string place, Func<string, string?> field, IEnumerable<string> names)
    {
        var text = new StringBuilder();
        foreach (var (isField, part) in _parts)
        {
            text.Append(!isField ? part : field(part) ?? throw new CorpusException(
                $"{place} has no field '{part}'; it has {string.Join(", ", names.Take(12).Select(name => $"'{name}'"))}.",
                "Say how the fields make the text, for example: template: \"{question}\\n{answer}\"."));
        }
        return text.Replace("\r\n", "\n").ToString();
    }

    void Parse(string template)
    {
        var literal = new StringBuilder();
        for (var at = 0; at < template.Length; at++)
        {
            var letter = template[at];
            if (letter is '{' or '}' && at + 1 < template.Length && template[at + 1] == letter)
                at++;
            else if (letter == '{')
            {
                var end = template.IndexOf('}', at);
                if (end < 0)
                    throw new CorpusException($"The template \"{template}\" opens a field at character {at + 1} and does not close it.", "Write {name}, or {{ for a brace.");
                _parts.Add((false, literal.ToString()));
                _parts.Add((true, template[(at + 1)..end]));
                literal.Clear();
                at = end;
                continue;
            }
            literal.Append(letter);
        }
        _parts.Add((false, literal.ToString()));
    }
}
