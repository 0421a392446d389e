using System.Text;
using System.Text.RegularExpressions;

namespace Brickwork.Mixture.Readers;

/// <summary>The stories and conversations in the data files of games.</summary>
static partial class Games
{
    /// <summary>Wesnoth's scenarios: what is told, and who says what.</summary>
    public static IEnumerable<string> Wesnoth(string path)
    {
        var text = new StringBuilder();
        var speaker = "";
        foreach (Match match in WesnothLine().Matches(Plain.Text(path)))
        {
            if (match.Groups["speaker"].Success)
                speaker = match.Groups["speaker"].Value.Trim('"');
            else if (match.Groups["open"].Success)
                speaker = "";
            else if (match.Groups["text"].Value is { Length: > 3 } said)
            {
                said = Markup().Replace(said.Replace("\"\"", "\"", StringComparison.Ordinal), "");
                var named = match.Groups["key"].Value == "message" && speaker.Length > 0 && speaker is not ("narrator" or "unit" or "second_unit");
                text.Append(named ? $"{speaker}: {said}" : said).Append("\n\n");
                speaker = "";
            }
        }
        return [text.ToString()];
    }

    /// <summary>Endless Sky's missions: a mission is a document.</summary>
    public static IEnumerable<string> EndlessSky(string path)
    {
        foreach (var mission in Plain.CutBefore(Plain.Text(path), @"\S"))
        {
            var said = Quoted().Matches(mission).Select(match => match.Groups[1].Value.Trim().Replace("\\\"", "\"", StringComparison.Ordinal)).Where(line => line.Contains(' ', StringComparison.Ordinal) && line.Length > 30);
            yield return Placeholders().Replace(string.Join("\n\n", said), match => match.Value switch
            {
                "<first>" => "Robin", "<last>" => "Miller", "<ship>" => "Wanderer", "<planet>" or "<origin>" or "<destination>" or "<stopovers>" => "New Boston",
                "<payment>" or "<fine>" => "ten thousand credits", "<commodity>" or "<cargo>" => "cargo", "<system>" => "Sol", "<bunks>" or "<tons>" => "ten", _ => "it",
            });
        }
    }

    /// <summary>Translatable texts of Lua scripts; a script is a document.</summary>
    public static IEnumerable<string> Lua(string path)
    {
        var said = LuaText().Matches(Plain.Text(path)).Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal))
            .Select(line => Spaces().Replace(Markup().Replace(line, ""), " ").Trim()).Where(line => line.Length > 20 && line.Contains(' ', StringComparison.Ordinal));
        return [LuaFormat().Replace(string.Join("\n\n", said), "it")];
    }

    /// <summary>FreedroidRPG's conversations: who says what, and the answers to choose from.</summary>
    public static IEnumerable<string> Freedroid(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path).Replace('_', ' ').Replace('-', ' ');
        var said = FreedroidLine().Matches(Plain.Text(path)).Select(match =>
            $"{(match.Groups["who"].Value == "Npc" ? name : "Tux")}: {match.Groups["text"].Value.Replace("\\n", " ", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Trim()}");
        return [LuaFormat().Replace(string.Join("\n\n", said), "Linarian")];
    }

    /// <summary>Dungeon Crawl's descriptions: entries between lines of percent signs; so many to a document.</summary>
    public static IEnumerable<string> Crawl(string path) =>
        CrawlRule().Split(CrawlComment().Replace(Plain.Text(path), "")).Where(entry => entry.Length > 120 && !entry.Contains("{{", StringComparison.Ordinal))
            .Select(entry => Plain.Unwrap(entry.Trim())).Chunk(8).Select(entries => string.Join("\n\n", entries));

    [GeneratedRegex("(?<open>\\[(?:message|part|event|story|unit)\\])|^\\s*speaker\\s*=\\s*(?<speaker>[^\\n#]+?)\\s*$|^\\s*(?<key>message|story|description|caption_text|text)\\s*=\\s*_\\s*\"(?<text>(?:[^\"]|\"\")*)\"", RegexOptions.Multiline)]
    private static partial Regex WesnothLine();

    [GeneratedRegex("<[^>\n]{1,80}>")]
    private static partial Regex Markup();

    [GeneratedRegex("`([^`]*)`|\"([^\"\n]*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("<[a-z ]+>")]
    private static partial Regex Placeholders();

    [GeneratedRegex("_\\(\\s*(?:\\[\\[(.*?)\\]\\]|\"((?:[^\"\\\\]|\\\\.)*)\")", RegexOptions.Singleline)]
    private static partial Regex LuaText();

    [GeneratedRegex("%[0-9$.]*[sdifu]|\\$\\{?[a-z_]+\\}?")]
    private static partial Regex LuaFormat();

    [GeneratedRegex("(?:(?<who>Npc|Tux):says(?:_random)?\\(|text =\\s*)\\s*_\\s*\"(?<text>(?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex FreedroidLine();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("^%{4,}\\s*$", RegexOptions.Multiline)]
    private static partial Regex CrawlRule();

    [GeneratedRegex("^#.*\\n|^w:\\d+\\n|^:.*\\n", RegexOptions.Multiline)]
    private static partial Regex CrawlComment();
}
