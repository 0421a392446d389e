namespace Brickwork.Inference.Speculation;

/// <summary>A guess is an id, so an id must mean the same text in both models.</summary>
static class SameVocabulary
{
    /// <exception cref="UnsupportedModelException">The vocabularies differ; the message says where.</exception>
    internal static void Require(LanguageModel target, LanguageModel draft)
    {
        if (Difference(target.Tokenizer, draft.Tokenizer) is { } difference)
            throw new UnsupportedModelException(
                $"The draft model '{draft.Config.Name}' has another vocabulary than '{target.Config.Name}': {difference}.",
                "Give a smaller model of the same family and version, or guess without one: --prompt-lookup");
    }

    /// <summary>Where two vocabularies differ, or null.</summary>
    internal static string? Difference(Tokenizer target, Tokenizer draft)
    {
        if (target.VocabularySize != draft.VocabularySize)
            return $"it holds {draft.VocabularySize} tokens, expected {target.VocabularySize}";
        for (var id = 0; id < target.VocabularySize; id++)
            if (target.Piece(id) != draft.Piece(id))
                return $"token {id} is '{draft.Piece(id)}', expected '{target.Piece(id)}'";
        return null;
    }
}
