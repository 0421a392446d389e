using System.Text;

namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>Changes of case that take more than one call.</summary>
static class TextCase
{
    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    /// <summary>The filter <c>title</c>: a word begins after white space, a hyphen or an opening bracket.</summary>
    public static string CapitalizeWords(string text) =>
        Map(text, (letter, before) => before is null || IsWordBreak(before.Value) ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter));

    /// <summary>The method <c>title()</c>: a word begins after anything that is no letter.</summary>
    public static string CapitalizeRuns(string text) =>
        Map(text, (letter, before) => before is null || !char.IsLetter(before.Value) ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter));

    public static string Swap(string text) =>
        Map(text, (letter, _) => char.IsUpper(letter) ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter));

    static bool IsWordBreak(char letter) => letter is '-' or '(' or '{' or '[' or '<' || char.IsWhiteSpace(letter);

    static string Map(string text, Func<char, char?, char> change)
    {
        var output = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            output.Append(change(text[i], i > 0 ? text[i - 1] : null));
        return output.ToString();
    }
}
