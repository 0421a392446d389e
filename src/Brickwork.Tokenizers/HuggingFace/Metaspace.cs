using Brickwork.Tokenizers.PreTokenizers;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Writes spaces as ▁, and cuts before them.</summary>
sealed class Metaspace(string mark, string prepend, bool splits) : PreTokenizer
{
    readonly Splitter? _cut = splits ? new Splitter(new TextMatching(mark), SplitBehavior.MergedWithNext) : null;

    public override void Split(Piece piece, List<Piece> output)
    {
        var text = piece.Text.ToString().Replace(" ", mark, StringComparison.Ordinal);
        var prepends = prepend == "always" || (prepend == "first" && piece.AtStart);
        if (prepends && !text.StartsWith(mark, StringComparison.Ordinal))
            text = mark + text;
        piece = piece with { Text = text.AsMemory() };
        if (_cut is null)
            output.Add(piece);
        else
            _cut.Split(piece, output);
    }
}
