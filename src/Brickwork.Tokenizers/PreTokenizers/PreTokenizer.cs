namespace Brickwork.Tokenizers.PreTokenizers;

/// <summary>A stretch of prepared text.</summary>
/// <param name="Text">The stretch.</param>
/// <param name="AtStart">Whether it is the start of the whole input.</param>
readonly record struct Piece(ReadOnlyMemory<char> Text, bool AtStart)
{
    public ReadOnlySpan<char> Span => Text.Span;

    public Piece Slice(int start, int length) => new(Text.Slice(start, length), AtStart && start == 0);
}

/// <summary>Cuts text into words, which the model then spells one by one.</summary>
abstract class PreTokenizer
{
    /// <summary>Appends the parts of a piece; white space or marks may be changed or dropped.</summary>
    public abstract void Split(Piece piece, List<Piece> output);
}

/// <summary>Several cuts, one after the other.</summary>
sealed class PreTokenizerSequence(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    public override void Split(Piece piece, List<Piece> output)
    {
        var current = new List<Piece> { piece };
        for (var i = 0; i < steps.Count; i++)
        {
            var next = i == steps.Count - 1 ? output : new List<Piece>(current.Count);
            foreach (var part in current)
                steps[i].Split(part, next);
            current = next;
        }
        if (steps.Count == 0)
            output.Add(piece);
    }
}
