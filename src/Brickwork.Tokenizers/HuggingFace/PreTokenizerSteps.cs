using Brickwork.Tokenizers.Bpe;
using Brickwork.Tokenizers.PreTokenizers;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>GPT-2's cut, and its letters for bytes.</summary>
sealed class ByteLevelStep(PreTokenizer? cut, bool addPrefixSpace, bool spellsBytes) : PreTokenizer
{
    public override void Split(Piece piece, List<Piece> output)
    {
        if (addPrefixSpace && piece.Text.Length > 0 && !char.IsWhiteSpace(piece.Span[0]))
            piece = piece with { Text = string.Concat(" ", piece.Span).AsMemory() };
        var from = output.Count;
        if (cut is null)
            output.Add(piece);
        else
            cut.Split(piece, output);
        for (var i = from; i < output.Count && spellsBytes; i++)
            output[i] = output[i] with { Text = ByteAlphabet.Spell(output[i].Span).AsMemory() };
    }
}

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
