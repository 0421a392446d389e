using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Cli.Benchmarks;

/// <summary>Memory that is larger than the caches, and how fast threads read it from one end to the other.</summary>
sealed class MemoryReads
{
    const int Rounds = 12;
    const int Bytes = 256 << 20;

    readonly byte[] _memory = new byte[Bytes];

    // Written once: pages that were never touched would all be the same page of zeros, in the nearest cache.
    public MemoryReads() => _memory.AsSpan().Fill(1);

    /// <summary>10^9 bytes per second, each thread reading a part of its own.</summary>
    public double GigabytesPerSecond(int threads)
    {
        var part = Bytes / threads / Vector512<byte>.Count * Vector512<byte>.Count;
        return (double)part * threads / OwnThreads.BestSeconds(threads, Rounds, thread => Sum(_memory.AsSpan(thread * part, part))) / 1e9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Sum(ReadOnlySpan<byte> memory)
    {
        var values = MemoryMarshal.Cast<byte, Vector512<long>>(memory);
        Vector512<long> first = default, second = default, third = default, fourth = default;
        for (var index = 0; index + 4 <= values.Length; index += 4)
        {
            first += values[index];
            second += values[index + 1];
            third += values[index + 2];
            fourth += values[index + 3];
        }
        return Vector512.Sum(first + second + third + fourth);
    }
}
