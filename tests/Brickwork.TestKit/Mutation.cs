using System.Buffers.Binary;

namespace Brickwork.TestKit;

/// <summary>Damages a file the way disks, downloads and attackers do; the same seed does the same damage.</summary>
public static class Mutation
{
    // Most faults that matter are in the header.
    const int Header = 4096;

    public static byte[] Of(byte[] original, Random random)
    {
        var bytes = original;
        for (var i = random.Next(1, 4); i > 0; i--)
            bytes = random.Next(8) switch
            {
                0 or 1 => FlipBits(bytes, random),
                2 or 3 => PlaceLie(bytes, random),
                4 => Splice(bytes, random),
                5 => bytes[..random.Next(bytes.Length + 1)],
                6 => Insert(bytes, random),
                _ => Remove(bytes, random),
            };
        return bytes;
    }

    static int Place(byte[] bytes, Random random) => random.Next(random.Next(4) == 0 ? bytes.Length + 1 : Math.Min(bytes.Length, Header) + 1);

    static byte[] FlipBits(byte[] bytes, Random random)
    {
        var copy = bytes.ToArray();
        for (var i = random.Next(1, 9); i > 0; i--)
            if (Place(copy, random) is var at && at < copy.Length)
                copy[at] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    static byte[] PlaceLie(byte[] bytes, Random random)
    {
        ulong[] lies = [0, 1, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, ulong.MaxValue, 1UL << 63, 1UL << 62, (ulong)bytes.Length, (ulong)bytes.Length / 8, 1UL << 40];
        var lie = lies[random.Next(lies.Length)];
        var copy = bytes.ToArray();
        var at = Place(copy, random);
        if (at + 8 <= copy.Length && random.Next(2) == 0)
            BinaryPrimitives.WriteUInt64LittleEndian(copy.AsSpan(at), lie);
        else if (at + 4 <= copy.Length)
            BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(at), (uint)lie);
        return copy;
    }

    static byte[] Splice(byte[] bytes, Random random)
    {
        var copy = bytes.ToArray();
        int from = Place(copy, random), to = Place(copy, random);
        var length = Math.Min(random.Next(1, 64), copy.Length - Math.Max(from, to));
        bytes.AsSpan(from, length).CopyTo(copy.AsSpan(to));
        return copy;
    }

    static byte[] Insert(byte[] bytes, Random random)
    {
        var at = Place(bytes, random);
        var more = new byte[random.Next(1, 40)];
        random.NextBytes(more);
        return [.. bytes.AsSpan(0, at), .. more, .. bytes.AsSpan(at)];
    }

    static byte[] Remove(byte[] bytes, Random random)
    {
        var at = Place(bytes, random);
        return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Min(bytes.Length, at + random.Next(1, 40)))];
    }
}
