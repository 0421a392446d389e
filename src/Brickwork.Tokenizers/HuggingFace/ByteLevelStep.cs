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
