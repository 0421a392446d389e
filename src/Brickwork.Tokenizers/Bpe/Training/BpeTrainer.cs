using Brickwork.Kernels.Threading;
using Brickwork.Tokenizers.Bpe;
using Brickwork.Tokenizers.Bpe.Training;

namespace Brickwork;

/// <summary>Learns a byte-level BPE tokenizer from texts: the most frequent pair becomes a token, again and again.</summary>
/// <remarks>Sennrich et al. 2016, over bytes as in Radford et al. 2019. Of equally frequent pairs the one with the greater bytes goes first. One thread at a time.</remarks>
/// <param name="options">What the tokenizer is to be like.</param>
public sealed class BpeTrainer(BpeTrainingOptions options)
{
    const int Batch = 64;

    readonly BpeTrainingOptions _options = Checked(options);
    readonly WordCounts _words = new(options.PreTokenizer);
    readonly List<string> _waiting = [];

    /// <summary>Counts the words of a text. Where a special token stands in it, the text is cut.</summary>
    public void Add(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _waiting.AddRange(text.Split([.. _options.SpecialTokens], StringSplitOptions.RemoveEmptyEntries));
        if (_waiting.Count >= Batch)
            Count();
    }

    /// <summary>The tokenizer of all texts that were added.</summary>
    /// <param name="mergesDone">Told how many merges are found.</param>
    /// <param name="cancellation">Ends the search between merges.</param>
    /// <remarks>Ids: the special tokens, the bytes in the order of their letters, the merges in the order they were found.</remarks>
    public Tokenizer Train(IProgress<int>? mergesDone = null, CancellationToken cancellation = default)
    {
        Count();
        var letters = Enumerable.Range(0, 256).Select(value => ByteAlphabet.Letter((byte)value)).Order().Select(letter => letter.ToString()).ToArray();
        var learner = new MergeLearner(_words.Take(), _options.LongestToken);
        var tokens = new List<string>([.. _options.SpecialTokens, .. letters]);
        var (known, merges) = (tokens.ToHashSet(StringComparer.Ordinal), new List<string>());
        while (tokens.Count < _options.VocabularySize && learner.TryMerge(_options.MinimumCount, out var left, out var right))
        {
            cancellation.ThrowIfCancellationRequested();
            var (first, second) = (Spell(left), Spell(right));
            merges.Add($"{first} {second}");
            // Two pairs may spell the same token; it keeps its first id.
            if (known.Add(first + second))
                tokens.Add(first + second);
            mergesDone?.Report(merges.Count);
        }
        return Tokenizer.Create(Definition(tokens, merges));
    }

    TokenizerDefinition Definition(List<string> tokens, List<string> merges) => new()
    {
        Model = "gpt2",
        Pre = _options.PreTokenizer,
        Tokens = tokens,
        Merges = merges,
        TokenTypes = [.. tokens.Select((_, id) => id < _options.SpecialTokens.Count ? TokenType.Control : TokenType.Normal)],
        Bos = 0,
        Eos = 0,
        AddBos = true,
    };

    static string Spell(ReadOnlySpan<byte> bytes)
    {
        Span<char> letters = stackalloc char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            letters[i] = ByteAlphabet.Letter(bytes[i]);
        return new string(letters);
    }

    void Count()
    {
        using var team = new ThreadTeam(Math.Min(_options.Threads, Math.Max(1, _waiting.Count)));
        _words.Add(_waiting, team);
        _waiting.Clear();
    }

    static BpeTrainingOptions Checked(BpeTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return options;
    }
}
