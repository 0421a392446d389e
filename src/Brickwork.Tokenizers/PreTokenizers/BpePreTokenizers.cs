namespace Brickwork.Tokenizers.PreTokenizers;

/// <summary>How the texts of one family of BPE tokenizers are cut into words, and its customs.</summary>
/// <param name="Patterns">Cuts one after the other; what matches is a word, and so is what lies between.</param>
sealed record BpePreTokenizer(params IReadOnlyList<string> Patterns)
{
    /// <summary>Whether a word that is a token is taken whole.</summary>
    public bool IgnoreMerges { get; init; }

    public bool AddBos { get; init; }

    /// <summary>Whether decoding may remove spaces before punctuation.</summary>
    public bool CleanUpSpaces { get; init; }

    /// <summary>Whether words are spelled by bytes; otherwise by characters, with ▁ for the space.</summary>
    public bool ByteLevel { get; init; } = true;

    public PreTokenizer Build() => new PreTokenizerSequence(
        [.. Patterns.Select(pattern => new Splitter(Matching.OfPattern(pattern), SplitBehavior.Isolated))]);
}

/// <summary>The ways of cutting that go by a name in GGUF's <c>tokenizer.ggml.pre</c>.</summary>
static partial class BpePreTokenizers
{
    /// <summary>Every name that is known.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <exception cref="UnsupportedModelException">The name is not known.</exception>
    public static BpePreTokenizer Find(string? name) =>
        ByName.TryGetValue(name is null or "" ? "default" : name, out var known)
            ? known
            : throw Faults.Unsupported($"the pre-tokenizer '{name}'", string.Join(", ", Names.Order(StringComparer.Ordinal)));

    /// <summary>The name of a way of cutting that a tokenizer.json spells out, or null.</summary>
    public static string? NameOf(IReadOnlyList<string> patterns, bool ignoreMerges)
    {
        var candidates = ByName.Where(entry => entry.Value.ByteLevel && entry.Value.Patterns.SequenceEqual(patterns.Select(Canonical))).ToArray();
        return candidates.Where(entry => entry.Value.IgnoreMerges == ignoreMerges).Concat(candidates).Select(entry => entry.Key).FirstOrDefault();
    }

    // The same pattern is published in several spellings.
    static string Canonical(string pattern) => Spellings.GetValueOrDefault(pattern, pattern);
}
