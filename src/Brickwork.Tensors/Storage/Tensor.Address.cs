namespace Brickwork;

public readonly partial struct Tensor
{
    /// <summary>The first byte, for kernels that work across threads.</summary>
    /// <exception cref="ObjectDisposedException">The memory's owner was disposed.</exception>
    internal unsafe byte* Address => _storage.Address(_offset);
}
