using System.Buffers.Binary;
using System.Numerics;

namespace Brickwork.Kernels.Hashing;

/// <summary>XXH64 with seed 0 (Collet 2012, xxhash.com): tells damaged bytes from sound ones at the speed of memory; no proof against forgery.</summary>
static class XxHash64
{
    const ulong Prime1 = 0x9E3779B185EBCA87;
    const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    const ulong Prime3 = 0x165667B19E3779F9;
    const ulong Prime4 = 0x85EBCA77C2B2AE63;
    const ulong Prime5 = 0x27D4EB2F165667C5;
    const int Stripe = 4 * sizeof(ulong);

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = (bytes.Length < Stripe ? Prime5 : Stripes(bytes)) + (ulong)bytes.Length;
        return Avalanche(Tail(hash, bytes[(bytes.Length / Stripe * Stripe)..]));
    }

    static ulong Stripes(ReadOnlySpan<byte> bytes)
    {
        // Four sums that do not wait for each other.
        var (a, b, c, d) = (unchecked(Prime1 + Prime2), Prime2, 0UL, unchecked(0 - Prime1));
        for (; bytes.Length >= Stripe; bytes = bytes[Stripe..])
        {
            a = Round(a, Word(bytes));
            b = Round(b, Word(bytes[8..]));
            c = Round(c, Word(bytes[16..]));
            d = Round(d, Word(bytes[24..]));
        }
        var hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        return Merge(Merge(Merge(Merge(hash, a), b), c), d);
    }

    static ulong Tail(ulong hash, ReadOnlySpan<byte> rest)
    {
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
            hash = BitOperations.RotateLeft(hash ^ Round(0, Word(rest)), 27) * Prime1 + Prime4;
        if (rest.Length >= sizeof(uint))
        {
            hash = BitOperations.RotateLeft(hash ^ BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1, 23) * Prime2 + Prime3;
            rest = rest[sizeof(uint)..];
        }
        foreach (var value in rest)
            hash = BitOperations.RotateLeft(hash ^ value * Prime5, 11) * Prime1;
        return hash;
    }

    static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ hash >> 33) * Prime2;
        hash = (hash ^ hash >> 29) * Prime3;
        return hash ^ hash >> 32;
    }

    static ulong Round(ulong sum, ulong word) => BitOperations.RotateLeft(sum + word * Prime2, 31) * Prime1;

    static ulong Merge(ulong hash, ulong sum) => (hash ^ Round(0, sum)) * Prime1 + Prime4;

    static ulong Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
