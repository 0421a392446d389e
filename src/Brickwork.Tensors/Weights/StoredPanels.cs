using System.Runtime.InteropServices;
using Brickwork.Kernels.Hashing;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Weights;

/// <summary>Panels that were laid out at an earlier time, believed only if they still have their hash.</summary>
/// <param name="bytes">The panels of a whole matrix.</param>
/// <param name="hash">What <see cref="Hash"/> was when they were laid out.</param>
/// <param name="reportDamage">Called where it is another one now.</param>
sealed class StoredPanels(StoragePiece bytes, ulong hash, Action reportDamage)
{
    const int ChunkBytes = 1 << 20;

    /// <summary>The panels, or null where they are damaged.</summary>
    public StoragePiece? Check(Compute compute)
    {
        if (Hash(compute, bytes) == hash)
            return bytes;
        reportDamage();
        return null;
    }

    /// <summary>A hash of the hashes of chunks, so that all threads may work on it.</summary>
    public static ulong Hash(Compute compute, StoragePiece bytes)
    {
        var hashes = new ulong[(bytes.Length + ChunkBytes - 1) / ChunkBytes];
        compute.Team.Run(hashes.Length, new HashJob(bytes, hashes));
        return XxHash64.Of(MemoryMarshal.AsBytes(hashes.AsSpan()));
    }

    readonly struct HashJob(StoragePiece bytes, ulong[] hashes) : IParallelJob
    {
        public void Run(int chunk)
        {
            var start = (long)chunk * ChunkBytes;
            hashes[chunk] = XxHash64.Of(bytes.Bytes(start, (int)Math.Min(ChunkBytes, bytes.Length - start)));
        }
    }
}
