namespace Brickwork.Tensors.Storage;

/// <summary>A stretch of memory outside the garbage collector's reach that tensors look into.</summary>
abstract unsafe class TensorStorage : IDisposable
{
    byte* _start;

    protected TensorStorage(byte* start, long length)
    {
        _start = start;
        Length = length;
    }

    ~TensorStorage() => Free();

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>The bytes from <paramref name="offset"/> on.</summary>
    /// <exception cref="ObjectDisposedException">The model this memory belongs to was disposed.</exception>
    public Span<byte> Bytes(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{length} bytes from there leave a storage of {Length} bytes.");
        return new Span<byte>(_start + offset, length);
    }

    /// <summary>The address of byte <paramref name="offset"/>, for kernels that work across threads.</summary>
    /// <exception cref="ObjectDisposedException">The model this memory belongs to was disposed.</exception>
    public byte* Address(long offset)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return _start + offset;
    }

    /// <summary>Tells the system that these bytes will not be read again soon, so that it may take their pages back.</summary>
    public virtual void Release(long offset, long length)
    {
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    protected abstract void FreeMemory(byte* start);

    void Free()
    {
        if (_start is null)
            return;
        FreeMemory(_start);
        _start = null;
    }
}
