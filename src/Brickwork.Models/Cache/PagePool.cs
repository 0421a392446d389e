using Brickwork.Tensors.Storage;

namespace Brickwork.Models.Cache;

/// <summary>Lends out pages of memory and takes them back for the next one who asks. Safe for many threads.</summary>
/// <param name="limitBytes">How much all pages together may take; null = as much as there is.</param>
sealed class PagePool(long? limitBytes = null) : IDisposable
{
    readonly Lock _gate = new();
    readonly Dictionary<long, Stack<NativeStorage>> _free = [];
    bool _disposed;

    /// <summary>How much all pages together may take.</summary>
    public long LimitBytes { get; } = limitBytes ?? long.MaxValue;

    /// <summary>Bytes lent out.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Bytes lying ready.</summary>
    public long FreeBytes { get; private set; }

    /// <summary>A page of zeros.</summary>
    /// <exception cref="MemoryLimitException">The limit does not allow another page.</exception>
    public NativeStorage Rent(long bytes)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var page = TryReuse(bytes) ?? Allocate(bytes);
            UsedBytes += bytes;
            return page;
        }
    }

    /// <summary>Takes a page back.</summary>
    public void Return(NativeStorage page)
    {
        lock (_gate)
        {
            UsedBytes -= page.Length;
            if (_disposed)
            {
                page.Dispose();
                return;
            }
            if (!_free.TryGetValue(page.Length, out var free))
                _free[page.Length] = free = new Stack<NativeStorage>();
            free.Push(page);
            FreeBytes += page.Length;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            FreeAll();
        }
    }

    NativeStorage? TryReuse(long bytes)
    {
        if (!_free.TryGetValue(bytes, out var free) || !free.TryPop(out var page))
            return null;
        FreeBytes -= bytes;
        // What another sequence left must never be read, nor saved to a file.
        page.Bytes(0, checked((int)bytes)).Clear();
        return page;
    }

    NativeStorage Allocate(long bytes)
    {
        if (UsedBytes + FreeBytes > LimitBytes - bytes)
            FreeAll();
        if (UsedBytes > LimitBytes - bytes)
            throw OutOfPages(bytes, null);
        try
        {
            return new NativeStorage(bytes);
        }
        catch (OutOfMemoryException cause)
        {
            throw OutOfPages(bytes, cause);
        }
    }

    void FreeAll()
    {
        foreach (var page in _free.Values.SelectMany(pages => pages))
            page.Dispose();
        _free.Clear();
        FreeBytes = 0;
    }

    MemoryLimitException OutOfPages(long bytes, Exception? cause) => new(
        $"The key-value cache holds {UsedBytes:N0} bytes and needs {bytes:N0} more; "
        + (cause is null ? $"its limit is {LimitBytes:N0}." : "the system has no more memory."),
        "Shorten the context, serve fewer sequences at once, choose a smaller cache type, or raise the limit.", cause);
}
