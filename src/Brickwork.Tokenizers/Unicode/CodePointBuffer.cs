using System.Buffers;
using System.Text;

namespace Brickwork.Tokenizers.Unicode;

/// <summary>A growing list of code points on rented memory. An unpaired surrogate is kept as it is.</summary>
ref struct CodePointBuffer(int capacity)
{
    int[] _items = ArrayPool<int>.Shared.Rent(Math.Max(capacity, 16));

    public int Count { get; private set; }

    public readonly Span<int> Items => _items.AsSpan(0, Count);

    public void Add(int codePoint)
    {
        if (Count == _items.Length)
            Grow();
        _items[Count++] = codePoint;
    }

    public void Truncate(int count) => Count = count;

    public readonly override string ToString()
    {
        var text = new StringBuilder(Count + 8);
        foreach (var codePoint in Items)
        {
            if (codePoint <= char.MaxValue)
                text.Append((char)codePoint);
            else
                text.Append((char)(0xD7C0 + (codePoint >> 10))).Append((char)(0xDC00 + (codePoint & 0x3FF)));
        }
        return text.ToString();
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_items);
        _items = [];
    }

    void Grow()
    {
        var larger = ArrayPool<int>.Shared.Rent(_items.Length * 2);
        _items.CopyTo(larger, 0);
        ArrayPool<int>.Shared.Return(_items);
        _items = larger;
    }
}
