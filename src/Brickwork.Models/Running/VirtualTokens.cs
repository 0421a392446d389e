using System.Runtime.InteropServices;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork.Models.Running;

/// <summary>The tokens that bricks put before a text: how many there are, and which rows of a pass they have.</summary>
/// <remarks>They have positions of their own, before those of the text. No id: the embedding sees token 0 in their place, and the bricks' parts put their rows there.</remarks>
sealed class VirtualTokens
{
    readonly Dictionary<string, (List<int> Places, List<int> Sources)> _rows = new(StringComparer.Ordinal);

    /// <summary>A part of each plugged brick that puts tokens before a text, in the order of slots.</summary>
    public static IReadOnlyList<VirtualRows> Of(Decoder decoder) =>
        [.. PluggedBricks.Of(decoder).Select(entry => entry.Part).OfType<VirtualRows>().DistinctBy(part => part.Brick)];

    /// <summary>The tokens that a text may have behind them.</summary>
    /// <exception cref="RecipeException">They leave no room.</exception>
    public static int RequireRoom(IReadOnlyList<VirtualRows> bricks, int context)
    {
        var count = bricks.Sum(brick => brick.Values.Rows);
        return count == 0 || count < context ? context - count : throw new RecipeException(
            $"Bricks ({string.Join(", ", bricks.Select(brick => brick.Brick))}) put {count} tokens before every text, which leaves no room for one in a context of {context}.",
            "Ask for a longer context, or leave a brick out.");
    }

    /// <summary>Whether the pass has tokens of a brick.</summary>
    /// <param name="brick">The brick.</param>
    /// <param name="places">Their rows.</param>
    /// <param name="sources">Which of the brick's tokens each is.</param>
    public bool Has(string brick, out ReadOnlySpan<int> places, out ReadOnlySpan<int> sources)
    {
        _rows.TryGetValue(brick, out var rows);
        places = CollectionsMarshal.AsSpan(rows.Places);
        sources = CollectionsMarshal.AsSpan(rows.Sources);
        return !places.IsEmpty;
    }

    /// <summary>Adds the tokens of a brick from a row on.</summary>
    public void Add(string brick, int firstRow, int count)
    {
        if (!_rows.TryGetValue(brick, out var rows))
            _rows.Add(brick, rows = ([], []));
        rows.Places.AddRange(Enumerable.Range(firstRow, count));
        rows.Sources.AddRange(Enumerable.Range(0, count));
    }

    public void Clear()
    {
        foreach (var (places, sources) in _rows.Values)
        {
            places.Clear();
            sources.Clear();
        }
    }
}
