namespace Brickwork.Evaluation.Scoring;

/// <summary>Cuts texts into pieces.</summary>
static class TextPieces
{
    internal static IEnumerable<string> Of(string text, TextSplit split) => split switch
    {
        TextSplit.Paragraph => Paragraphs(text),
        TextSplit.Line => Lines(text).Where(line => !string.IsNullOrWhiteSpace(line)),
        _ => text.Length > 0 ? [text] : [],
    };

    static IEnumerable<string> Paragraphs(string text)
    {
        List<string> paragraph = [];
        foreach (var line in Lines(text).Append(""))
        {
            if (!string.IsNullOrWhiteSpace(line))
                paragraph.Add(line);
            else if (paragraph.Count > 0)
            {
                yield return string.Join('\n', paragraph);
                paragraph.Clear();
            }
        }
    }

    static IEnumerable<string> Lines(string text)
    {
        foreach (var line in text.Split('\n'))
            yield return line.EndsWith('\r') ? line[..^1] : line;
    }
}
