using System.Buffers.Binary;
using Brickwork.Kernels.Attention;

namespace Brickwork.Models.Cache;

sealed partial class KeyValueCache
{
    const uint Magic = 0x31564B42;      // "BKV1"
    const int HeaderBytes = 32;

    /// <summary>Writes the cache to a stream, from its place on.</summary>
    public void Save(Stream stream)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        stream.Write(Header());
        foreach (var page in _pages)
            stream.Write(page.Bytes(0, (int)Shape.PageBytes));
    }

    /// <summary>Replaces the contents by what <see cref="Save"/> wrote for the same shape.</summary>
    /// <exception cref="CheckpointException">The stream ends early, or holds something else.</exception>
    /// <exception cref="MemoryLimitException">The pool has too few pages.</exception>
    public void Load(Stream stream)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> header = stackalloc byte[HeaderBytes];
        ReadFully(stream, header);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[24..]);
        var first = BinaryPrimitives.ReadInt32LittleEndian(header[28..]);
        if (!header[..24].SequenceEqual(Header().AsSpan(0, 24)))
            throw new CheckpointException(
                $"The saved key-value cache was not made for {Shape}.", "Load it with the model, the cache type and the eviction that it was saved with.");
        if (length < 0 || first < 0 || first > length || first % KeyValuePage.Positions != 0
            || (first > 0 && Shape.Window is null))
            throw new CheckpointException(
                $"The saved key-value cache claims positions {first} to {length}.", "The file is damaged; save the session again.");
        Truncate(0);
        ReadPages(stream, first, length);
    }

    /// <summary>Page by page, so that a damaged length takes no more memory than the stream has bytes.</summary>
    void ReadPages(Stream stream, int first, int length)
    {
        try
        {
            _droppedPages = Math.Max(0, first / KeyValuePage.Positions - KeptPages);
            while (_pages.Count < PagesFor(length) - _droppedPages)
            {
                var memory = _pool.Rent(Shape.PageBytes);
                _pages.Add(memory);
                ReadFully(stream, memory.Bytes(0, (int)Shape.PageBytes));
            }
            Length = length;
        }
        catch
        {
            Truncate(0);
            throw;
        }
    }

    byte[] Header()
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), Shape.KvHeads);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Shape.KeyWidth);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), Shape.ValueWidth);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), (int)Shape.Type | Shape.Sinks << 8);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(20), Shape.Window ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), FirstPosition);
        return header;
    }

    static void ReadFully(Stream stream, Span<byte> target)
    {
        try
        {
            stream.ReadExactly(target);
        }
        catch (EndOfStreamException cause)
        {
            throw new CheckpointException(
                "The saved key-value cache ends before its last page.", "The file is cut off; save the session again.", cause);
        }
    }
}
