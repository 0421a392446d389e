using System.Text.RegularExpressions;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Models.Slots;

namespace Brickwork;

/// <summary>Many addresses at once: <c>layers.*.attention.{query,value}</c>. A star stands for one name, two stars for any number of names.</summary>
public sealed class SlotPattern
{
    readonly Regex _expression;

    /// <param name="text">Names joined by dots, with <c>*</c>, <c>**</c> and <c>{a,b}</c>.</param>
    /// <exception cref="RecipeException">The text is empty, or its braces do not close.</exception>
    public SlotPattern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0 || !HasPairedBraces(text))
            throw new RecipeException($"'{text}' is no slot pattern; expected names joined by dots, with *, ** and {{a,b}}.",
                "Write for example layers.*.attention.{query,value}; brick inspect --slots lists the names.");
        Text = text;
        var expression = Regex.Escape(text).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^.]*", StringComparison.Ordinal)
            .Replace(@"\{", "(?:", StringComparison.Ordinal).Replace("}", ")", StringComparison.Ordinal).Replace(",", "|", StringComparison.Ordinal);
        _expression = new Regex($"^(?:{expression})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether an address is one of those meant.</summary>
    public bool Matches(SlotPath path) => _expression.IsMatch(path.Text);

    /// <summary>The slots of a decoder that the pattern means, in the order of a pass, under the names they have without bricks.</summary>
    /// <exception cref="SlotNotFoundException">It means none.</exception>
    public IReadOnlyList<SlotPath> Find(Decoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        List<SlotPath> found = [.. PartTree.Walk(decoder).Select(slot => Adapter.PlainName(slot.Path)).Distinct().Where(Matches)];
        return found.Count > 0 ? found : throw new SlotNotFoundException(
            $"The pattern '{Text}' means no slot of this model; found {PartTree.Walk(decoder).Count()} slots with other names.",
            "List all slots: brick inspect --slots");
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    static bool HasPairedBraces(string text)
    {
        var open = false;
        foreach (var letter in text)
        {
            if (letter is '{' or '}' && open == (letter == '{'))
                return false;
            open = letter switch { '{' => true, '}' => false, _ => open };
        }
        return !open;
    }
}
