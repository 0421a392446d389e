using System.Globalization;

namespace Brickwork;

/// <summary>Which of a model's plugged bricks work on a text, and how strongly. What is not named stays silent.</summary>
/// <remarks>Each sequence of a batch may have its own: all of them run in one pass. Immutable.</remarks>
public sealed class BrickStrengths
{
    readonly OrderedDictionary<string, float> _strengths;

    BrickStrengths(OrderedDictionary<string, float> strengths) => _strengths = strengths;

    /// <summary>No brick works: the model as it was before any was plugged.</summary>
    public static BrickStrengths None { get; } = new([]);

    /// <summary>What follows from some position on; null = the same to the end.</summary>
    internal BrickStrengths? Next { get; private init; }

    /// <summary>The position from which on <see cref="Next"/> holds.</summary>
    internal int NextFrom { get; private init; }

    /// <summary>One brick and no other.</summary>
    /// <exception cref="ArgumentException">The strength is not a number.</exception>
    public static BrickStrengths Only(string brick, float strength = 1) => None.With(brick, strength);

    /// <summary>Several bricks at once, each in full: their effects follow or add to each other, as their slots say.</summary>
    public static BrickStrengths Stack(params IEnumerable<string> bricks) => bricks.Aggregate(None, (all, brick) => all.With(brick, 1));

    /// <summary>Several bricks at once that share one strength evenly.</summary>
    public static BrickStrengths Average(params IEnumerable<string> bricks)
    {
        string[] all = [.. bricks];
        return all.Aggregate(None, (sum, brick) => sum.With(brick, 1f / all.Length));
    }

    /// <summary>For the same text side by side, once under each brick: one for each sequence of a batch.</summary>
    public static IReadOnlyList<BrickStrengths> Parallel(params IEnumerable<string> bricks) => [.. bricks.Select(brick => Only(brick))];

    /// <summary>These, and one brick at another strength.</summary>
    /// <exception cref="ArgumentException">The strength is not a number.</exception>
    public BrickStrengths With(string brick, float strength)
    {
        ArgumentException.ThrowIfNullOrEmpty(brick);
        if (!float.IsFinite(strength))
            throw new ArgumentException($"A strength is a finite number; found {strength.ToString(CultureInfo.InvariantCulture)} for '{brick}'.", nameof(strength));
        return new BrickStrengths(new(_strengths) { [brick] = strength }) { Next = Next, NextFrom = NextFrom };
    }

    /// <summary>These up to a position of the text, others from there on: a split by position.</summary>
    /// <param name="position">The first token that the others work on; above 0, and behind the splits that are there.</param>
    /// <param name="others">What works from there on.</param>
    public BrickStrengths Until(int position, BrickStrengths others)
    {
        ArgumentNullException.ThrowIfNull(others);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(position, Next is null ? 0 : NextFrom);
        return new BrickStrengths(_strengths) { Next = Next?.Until(position, others) ?? others, NextFrom = Next is null ? position : NextFrom };
    }

    /// <summary>How strongly a brick works at the beginning of the text.</summary>
    public float Of(string brick) => _strengths.GetValueOrDefault(brick);

    /// <summary>Every brick that is named, at any position.</summary>
    internal IEnumerable<(string Brick, float Strength)> All =>
        _strengths.Select(entry => (entry.Key, entry.Value)).Concat(Next?.All ?? []);

    /// <summary>What holds at a position, and how many positions it holds for.</summary>
    internal (BrickStrengths Here, int Count) At(int position)
    {
        var here = this;
        while (here.Next is { } next && position >= here.NextFrom)
            here = next;
        return (here, here.Next is null ? int.MaxValue : here.NextFrom - position);
    }
}
