namespace Brickwork;

/// <summary>What a trained tokenizer is to be like.</summary>
public sealed record BpeTrainingOptions
{
    /// <summary>How many tokens: special ones, 256 bytes, and merges; fewer where the text has no more pairs to merge.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The name of the way text is cut into words, such as <c>gpt-2</c> or <c>qwen2</c>; no token crosses a cut.</summary>
    public string PreTokenizer { get; init; } = "gpt-2";

    /// <summary>Marks that are never merged; the first stands between texts and starts one.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = ["<|endoftext|>"];

    /// <summary>A pair that is rarer than this is not merged.</summary>
    public int MinimumCount { get; init; } = 2;

    /// <summary>The longest token, in bytes.</summary>
    public int LongestToken { get; init; } = 64;

    /// <summary>How many threads count words; the result does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MinimumCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestToken, 2);
        if (SpecialTokens.Count == 0 || SpecialTokens.Any(string.IsNullOrEmpty) || SpecialTokens.Distinct(StringComparer.Ordinal).Count() != SpecialTokens.Count)
            throw new ArgumentException("The special tokens are at least one, different from each other, and not empty.", nameof(SpecialTokens));
        if (VocabularySize < SpecialTokens.Count + 256)
            throw new ArgumentOutOfRangeException(nameof(VocabularySize), VocabularySize, $"{SpecialTokens.Count} special tokens and 256 bytes need a vocabulary of at least {SpecialTokens.Count + 256}.");
    }
}
