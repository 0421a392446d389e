namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>A word is a token or unknown.</summary>
sealed class WordLevelModel(Vocabulary vocabulary, int? unknown) : ITokenModel
{
    public void Encode(ReadOnlySpan<char> piece, List<int> output)
    {
        if (vocabulary.TryFind(piece, out var id) || (unknown ?? -1) is var other && (id = other) >= 0)
            output.Add(id);
    }
}
