namespace Brickwork.Tensors.Storage;

/// <summary>
/// Memory for weights in the order in which they are first used: what is read next lies next, so that reading ahead is never in vain.
/// </summary>
/// <remarks>A piece lives as long as somebody holds it, and keeps its block alive. Safe to use from several threads.</remarks>
#pragma warning disable CA1001 // A block belongs to the pieces that were taken from it; they may outlive whoever gave them out.
sealed class PackedMemory
#pragma warning restore CA1001
{
    const long BlockBytes = 64 << 20;
    const long Alignment = 64;
    readonly Lock _gate = new();
    NativeStorage? _block;
    long _used;

    /// <summary>Memory with unspecified contents.</summary>
    public StoragePiece Take(long bytes)
    {
        lock (_gate)
        {
            if (_block is null || _block.Length - _used < bytes)
            {
                _block = new NativeStorage(Math.Max(bytes, BlockBytes), isCleared: false);
                _used = 0;
            }
            var piece = new StoragePiece(_block, _used, bytes);
            _used += (bytes + Alignment - 1) / Alignment * Alignment;
            return piece;
        }
    }
}

/// <summary>Some of the bytes of a storage.</summary>
/// <param name="Storage">Whose.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many.</param>
readonly record struct StoragePiece(TensorStorage Storage, long Offset, long Length)
{
    /// <summary>The bytes from <paramref name="start"/> on.</summary>
    public Span<byte> Bytes(long start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, Length, nameof(count));
        return Storage.Bytes(Offset + start, count);
    }
}
