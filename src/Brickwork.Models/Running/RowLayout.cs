namespace Brickwork.Models.Running;

/// <summary>Which token stands in which row of a pass, at which position of which sequence, and which rows the caller wants back.</summary>
sealed class RowLayout
{
    /// <param name="tokens">One for each row.</param>
    /// <param name="segments">The sequences, in row order, covering every row.</param>
    /// <param name="outputRows">Ascending; the rows whose output is wanted.</param>
    public RowLayout(int[] tokens, IReadOnlyList<Segment> segments, int[] outputRows)
    {
        Tokens = tokens;
        Segments = segments;
        OutputRows = outputRows;
        Positions = new int[tokens.Length];
        foreach (var segment in segments)
            for (var row = 0; row < segment.Count; row++)
                Positions[segment.FirstRow + row] = segment.FirstPosition + row;
    }

    public int[] Tokens { get; }

    public int[] Positions { get; }

    public IReadOnlyList<Segment> Segments { get; }

    public int[] OutputRows { get; }

    public int Count => Tokens.Length;
}
