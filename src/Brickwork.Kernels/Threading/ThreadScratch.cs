using System.Runtime.CompilerServices;

namespace Brickwork.Kernels.Threading;

/// <summary>Memory that one kernel call on one thread may scribble in; it grows to the largest request and stays.</summary>
/// <remarks>
/// Two calls for the same <typeparamref name="TUse"/> return the same memory: a kernel that calls another needs a use of its own.
/// </remarks>
static class ThreadScratch<TUse>
{
    const int Alignment = 64;

    [ThreadStatic]
    static byte[]? _memory;

    /// <summary>At least <paramref name="bytes"/> bytes, aligned to a cache line, with unspecified contents.</summary>
    public static unsafe Span<byte> Take(int bytes)
    {
        var memory = _memory;
        if (memory is null || memory.Length < bytes + Alignment)
            _memory = memory = GC.AllocateUninitializedArray<byte>(Math.Max(bytes, 1 << 14) + Alignment, pinned: true);
        // Pinned arrays do not move, so the distance to the next cache line stays right.
        var address = (nuint)Unsafe.AsPointer(ref memory[0]);
        return memory.AsSpan((int)((Alignment - address % Alignment) % Alignment), bytes);
    }
}
