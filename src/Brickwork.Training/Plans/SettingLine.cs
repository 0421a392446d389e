using System.Text;

namespace Brickwork.Training.Plans;

/// <summary>Settings in one line: <c>KEY=VALUE,KEY=VALUE</c>.</summary>
static class SettingLine
{
    /// <summary>Cuts at commas, but not at those in braces or between quotation marks; the marks are taken away.</summary>
    public static IEnumerable<string> Cut(string text)
    {
        var (setting, depth, isQuoted) = (new StringBuilder(), 0, false);
        foreach (var letter in text)
            if (letter == '"')
                isQuoted = !isQuoted;
            else if (letter == ',' && depth == 0 && !isQuoted)
            {
                yield return setting.ToString();
                setting.Clear();
            }
            else
            {
                depth += isQuoted ? 0 : letter switch { '{' => 1, '}' => -1, _ => 0 };
                setting.Append(letter);
            }
        yield return setting.ToString();
    }
}
