using System.Text;

namespace Brickwork.Training.Plans;

/// <summary>Settings in one line: <c>KEY=VALUE,KEY=VALUE</c>.</summary>
static class SettingLine
{
    /// <summary>Cuts at commas, but not at those in braces or between quotation marks; the marks are taken away. Null where a brace or a mark is left open.</summary>
    public static IReadOnlyList<string>? Cut(string text)
    {
        List<string> settings = [];
        var (setting, depth, isQuoted) = (new StringBuilder(), 0, false);
        foreach (var letter in text)
            if (letter == '"')
                isQuoted = !isQuoted;
            else if (letter == ',' && depth == 0 && !isQuoted)
            {
                settings.Add(setting.ToString());
                setting.Clear();
            }
            else
            {
                depth += isQuoted ? 0 : letter switch { '{' => 1, '}' => -1, _ => 0 };
                setting.Append(letter);
            }
        settings.Add(setting.ToString());
        return isQuoted || depth != 0 ? null : settings;
    }
}
