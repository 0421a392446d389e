using Brickwork.Kernels.Attention;
using Brickwork.Tensors.Storage;

namespace Brickwork.Models.Cache;

/// <summary>The keys and values of one sequence in one layer, in pages of 64 positions.</summary>
/// <remarks>Positions count from the start of the sequence, whatever has been dropped. One thread at a time may change it.</remarks>
sealed partial class KeyValueCache : IDisposable
{
    readonly PagePool _pool;
    readonly List<NativeStorage> _pages = [];
    readonly KeyValuePage _layout;
    int _droppedPages;
    bool _disposed;

    public KeyValueCache(PagePool pool, CacheShape shape)
    {
        if (shape.KvHeads < 1 || shape.KeyWidth < 1 || shape.ValueWidth < 1 || shape.Window is < 1
            || shape.Sinks is < 0 or > KeyValuePage.Positions)
            throw new ArgumentException($"No layer stores {shape}.", nameof(shape));
        if (shape.PageBytes > int.MaxValue)
            throw new ArgumentException($"A page of {shape} takes {shape.PageBytes:N0} bytes, more than {int.MaxValue:N0}.", nameof(shape));
        (_pool, Shape, _layout) = (pool, shape, shape.Page);
    }

    public CacheShape Shape { get; }

    /// <summary>How one head's part of a page lies in memory.</summary>
    public KeyValuePage Layout => _layout;

    /// <summary>How many positions have been stored: the position of the next token.</summary>
    public int Length { get; private set; }

    /// <summary>The first position, behind the sinks, that is still there.</summary>
    public int FirstPosition => _droppedPages == 0 ? 0 : (KeptPages + _droppedPages) * KeyValuePage.Positions;

    /// <summary>Bytes of the pages held.</summary>
    public long Bytes => _pages.Count * Shape.PageBytes;

    /// <summary>Stores the keys and values of the next tokens. Pages that even the first of them cannot see are given back.</summary>
    /// <param name="compute">Threads.</param>
    /// <param name="keys">[T, KvHeads · Kw].</param>
    /// <param name="values">[T, KvHeads · Vw].</param>
    /// <exception cref="MemoryLimitException">The pool has no more pages; the cache stays as it was.</exception>
    public void Append(Compute compute, in Tensor keys, in Tensor values)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (keys.Columns != Shape.KvHeads * Shape.KeyWidth || values.Columns != Shape.KvHeads * Shape.ValueWidth
            || keys.Rows != values.Rows)
            throw new ArgumentException($"Keys {keys} and values {values} do not fit {Shape}.", nameof(keys));
        DropOutdated();
        Grow(checked(Length + keys.Rows));
        CacheWrite.Run(compute, this, Length, keys, values);
        Length += keys.Rows;
    }

    /// <summary>Whether <see cref="Truncate"/> can go back so far: what a window has dropped does not come back.</summary>
    public bool CanTruncate(int length) =>
        length >= 0 && length <= Length && (length == 0 || Shape.FirstSeenBy(length) >= FirstPosition);

    /// <summary>Forgets the positions from <paramref name="length"/> on.</summary>
    /// <exception cref="InvalidOperationException">A token at that position would look at positions that were dropped.</exception>
    public void Truncate(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!CanTruncate(length))
            throw new InvalidOperationException(
                $"A cache of positions {FirstPosition} to {Length} with window {Shape.Window} cannot go back to {length}.");
        ReleaseFrom(Math.Max(0, PagesFor(length) - _droppedPages));
        Length = length;
        if (length == 0)
            _droppedPages = 0;
    }

    /// <summary>The stored bytes of one head in page <paramref name="page"/>, which holds positions 64 · page ….</summary>
    public Span<byte> Head(int page, int head)
    {
        if (page >= KeptPages && page < KeptPages + _droppedPages)
            throw new InvalidOperationException($"Page {page} has fallen out of the window.");
        return _pages[page < KeptPages ? page : page - _droppedPages].Bytes((long)head * _layout.Bytes, _layout.Bytes);
    }

    /// <summary>Puts the key and the value of one position of a head in the place of another's.</summary>
    public void Copy(int head, int from, int to) => _layout.Copy(
        Head(from / KeyValuePage.Positions, head), from % KeyValuePage.Positions,
        Head(to / KeyValuePage.Positions, head), to % KeyValuePage.Positions);

    public void Dispose()
    {
        if (_disposed)
            return;
        Truncate(0);
        _disposed = true;
    }

    static int PagesFor(int length) => (int)(((long)length + KeyValuePage.Positions - 1) / KeyValuePage.Positions);

    /// <summary>Pages at the start that stay for the sinks.</summary>
    int KeptPages => Shape.Sinks > 0 ? 1 : 0;

    void DropOutdated()
    {
        var kept = KeptPages;
        var outdated = Math.Min(_pages.Count, Shape.FirstSeenBy(Length) / KeyValuePage.Positions - _droppedPages) - kept;
        if (outdated <= 0)
            return;
        for (var page = kept; page < kept + outdated; page++)
            _pool.Return(_pages[page]);
        _pages.RemoveRange(kept, outdated);
        _droppedPages += outdated;
    }

    void Grow(int length)
    {
        var before = _pages.Count;
        try
        {
            while (_pages.Count < PagesFor(length) - _droppedPages)
                _pages.Add(_pool.Rent(Shape.PageBytes));
        }
        catch (MemoryLimitException)
        {
            ReleaseFrom(before);
            throw;
        }
    }

    void ReleaseFrom(int page)
    {
        for (var i = page; i < _pages.Count; i++)
            _pool.Return(_pages[i]);
        _pages.RemoveRange(page, _pages.Count - page);
    }
}
