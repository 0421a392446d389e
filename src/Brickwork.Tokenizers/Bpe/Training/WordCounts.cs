using System.Runtime.InteropServices;
using System.Text;
using Brickwork.Kernels.Threading;
using Brickwork.Tokenizers.PreTokenizers;

namespace Brickwork.Tokenizers.Bpe.Training;

/// <summary>A word as bytes, and how often it was seen.</summary>
readonly record struct CountedWord(byte[] Bytes, long Count);

/// <summary>How often each word was seen.</summary>
/// <param name="preTokenizer">The name of the way text is cut.</param>
sealed class WordCounts(string preTokenizer)
{
    readonly PreTokenizer _cut = Cut(preTokenizer);
    readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Add(IReadOnlyList<string> texts, ThreadTeam team)
    {
        var parts = new Dictionary<string, long>[texts.Count];
        team.Run(texts.Count, new Counting(_cut, texts, parts));
        foreach (var part in parts)
        {
            foreach (var (word, count) in part)
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, word, out _) += count;
        }
    }

    /// <summary>The words that can still merge, in the order of their texts.</summary>
    public CountedWord[] Take() =>
        [.. _counts.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new CountedWord(Encoding.UTF8.GetBytes(entry.Key), entry.Value)).Where(word => word.Bytes.Length > 1)];

    static PreTokenizer Cut(string name)
    {
        var way = BpePreTokenizers.Find(name);
        return way.ByteLevel ? way.Build() : throw Faults.Unsupported($"the training of tokens for '{name}', which does not spell by bytes", "gpt-2, qwen2, llama-bpe, smollm");
    }

    readonly struct Counting(PreTokenizer cut, IReadOnlyList<string> texts, Dictionary<string, long>[] parts) : IParallelJob
    {
        public void Run(int chunk)
        {
            var words = new List<Piece>();
            cut.Split(new Piece(texts[chunk].AsMemory(), true), words);
            var counts = new Dictionary<string, long>(StringComparer.Ordinal);
            var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var word in words)
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, word.Span, out _)++;
            parts[chunk] = counts;
        }
    }
}
