using Brickwork.Tokenizers.Decoding;
using Brickwork.Tokenizers.PreTokenizers;
using Brickwork.Tokenizers.Special;

namespace Brickwork.Tokenizers;

/// <summary>What a tokenizer is made of.</summary>
sealed record TokenizerParts
{
    public required TokenizerDefinition Definition { get; init; }

    public required Vocabulary Vocabulary { get; init; }

    public required SpecialTokens Roles { get; init; }

    /// <summary>Tokens found before the text is normalized.</summary>
    public required SpecialTokenFinder Special { get; init; }

    /// <summary>Tokens found after the text is normalized.</summary>
    public SpecialTokenFinder? SpecialAfterNormalizing { get; init; }

    /// <summary>Changes the text between special tokens; says whether it is the start of the input.</summary>
    public Func<string, string>? Normalize { get; init; }

    public required PreTokenizer PreTokenizer { get; init; }

    public required ITokenModel Model { get; init; }

    /// <summary>Put before a text.</summary>
    public IReadOnlyList<int> Before { get; init; } = [];

    /// <summary>Put behind a text.</summary>
    public IReadOnlyList<int> Behind { get; init; } = [];

    public required TokenBytes Bytes { get; init; }
}

/// <summary>Leaves a piece whole.</summary>
sealed class WholePiece : PreTokenizer
{
    public override void Split(Piece piece, List<Piece> output) => output.Add(piece);
}
