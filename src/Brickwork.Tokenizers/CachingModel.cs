using System.Collections.Concurrent;

namespace Brickwork.Tokenizers;

/// <summary>Remembers the tokens of words: text repeats itself, and a look-up is far cheaper than the merges.</summary>
sealed class CachingModel : ITokenModel
{
    const int MaxWords = 1 << 16, MaxLength = 48;

    readonly ITokenModel _model;
    readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    int _count;

    public CachingModel(ITokenModel model)
    {
        _model = model;
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> output)
    {
        if (piece.Length > MaxLength)
        {
            _model.Encode(piece, output);
            return;
        }
        if (_lookup.TryGetValue(piece, out var known))
        {
            output.AddRange(known.AsSpan());
            return;
        }
        var start = output.Count;
        _model.Encode(piece, output);
        if (_count < MaxWords && _words.TryAdd(piece.ToString(), [.. output.GetRange(start, output.Count - start)]))
            Interlocked.Increment(ref _count);
    }
}
