using System.Runtime.InteropServices;

namespace Brickwork.Kernels.Attention;

/// <summary>How 64 positions of one key-value head lie in memory.</summary>
/// <remarks>
/// Keys are stored turned, [width, 64]: a vector then holds one value of many keys, and a score needs no sum across lanes.
/// Value rows are [64, stride], padded with zeros to whole vectors. Q8_0 and Q4_0 put
/// the scales first: [blocks, 64] halves. A last block may be shorter than 32.
/// </remarks>
readonly partial record struct KeyValuePage
{
    /// <summary>Positions in a page.</summary>
    public const int Positions = 64;
    const int BlockLength = 32;
    const int Widest = 16;
    const int RoundedAtOnce = 256;

    public KeyValuePage(CacheType type, int keyWidth, int valueWidth)
    {
        (Type, KeyWidth, ValueWidth) = (type, keyWidth, valueWidth);
        ValueStride = (valueWidth + Widest - 1) / Widest * Widest;
        KeyBytes = PartBytes(keyWidth);
        Bytes = checked((KeyBytes + PartBytes(ValueStride) + 63) / 64 * 64);
    }

    public CacheType Type { get; }

    public int KeyWidth { get; }

    public int ValueWidth { get; }

    /// <summary>Floats from one value row to the next, once widened.</summary>
    public int ValueStride { get; }

    /// <summary>Bytes of the keys, which come first.</summary>
    public int KeyBytes { get; }

    /// <summary>Bytes of keys and values.</summary>
    public int Bytes { get; }

    int BitsOfValue => Type switch { CacheType.F32 => 32, CacheType.F16 => 16, CacheType.Q8_0 => 8, _ => 4 };

    /// <summary>Where the values begin behind the scales of rows of <paramref name="width"/>.</summary>
    int ScaleBytes(int width) => BitsOfValue > 8 ? 0 : Positions * ((width + BlockLength - 1) / BlockLength) * sizeof(ushort);

    int PartBytes(int width) => checked(ScaleBytes(width) + Positions / 8 * width * BitsOfValue);

    /// <summary>Stores the key and the value of one position.</summary>
    /// <param name="page">The page's bytes of one head.</param>
    /// <param name="slot">0 … 63.</param>
    /// <param name="key">[Kw].</param>
    /// <param name="value">[Vw].</param>
    public void Write(Span<byte> page, int slot, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        var keys = page[..KeyBytes];
        var values = page[KeyBytes..];
        if (Type == CacheType.F32)
        {
            var turned = MemoryMarshal.Cast<byte, float>(keys);
            for (var i = 0; i < key.Length; i++)
                turned[i * Positions + slot] = key[i];
            value.CopyTo(MemoryMarshal.Cast<byte, float>(values)[(slot * ValueStride)..]);
        }
        else if (Type == CacheType.F16)
        {
            var turned = MemoryMarshal.Cast<byte, ushort>(keys);
            Span<ushort> halves = stackalloc ushort[RoundedAtOnce];
            for (var first = 0; first < key.Length; first += RoundedAtOnce)
            {
                var part = key.Slice(first, Math.Min(RoundedAtOnce, key.Length - first));
                HalfRow.Round(part, halves);
                for (var i = 0; i < part.Length; i++)
                    turned[(first + i) * Positions + slot] = halves[i];
            }
            HalfRow.Round(value, MemoryMarshal.Cast<byte, ushort>(values)[(slot * ValueStride)..]);
        }
        else if (Type == CacheType.Q8_0)
            WriteBlocks(keys, values, slot, key, value);
        else
            WriteHalfBytes(keys, values, slot, key, value);
    }

    void WriteBlocks(Span<byte> keys, Span<byte> values, int slot, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        var keyScales = MemoryMarshal.Cast<byte, Half>(keys);
        var turned = MemoryMarshal.Cast<byte, sbyte>(keys[ScaleBytes(KeyWidth)..]);
        for (var first = 0; first < key.Length; first += BlockLength)
        {
            var block = key.Slice(first, Math.Min(BlockLength, key.Length - first));
            var (scale, inverse) = ScaleOf(block);
            keyScales[first / BlockLength * Positions + slot] = scale;
            for (var i = 0; i < block.Length; i++)
                turned[(first + i) * Positions + slot] = Quantize(block[i], inverse);
        }
        var valueScales = MemoryMarshal.Cast<byte, Half>(values);
        var row = MemoryMarshal.Cast<byte, sbyte>(values[ScaleBytes(ValueStride)..])[(slot * ValueStride)..];
        for (var first = 0; first < value.Length; first += BlockLength)
        {
            var block = value.Slice(first, Math.Min(BlockLength, value.Length - first));
            var (scale, inverse) = ScaleOf(block);
            valueScales[first / BlockLength * Positions + slot] = scale;
            for (var i = 0; i < block.Length; i++)
                row[first + i] = Quantize(block[i], inverse);
        }
    }

    /// <summary>The largest magnitude becomes 127.</summary>
    static (Half Scale, float Inverse) ScaleOf(ReadOnlySpan<float> block)
    {
        var largest = 0f;
        foreach (var value in block)
            largest = MathF.Max(largest, MathF.Abs(value));
        var scale = largest / 127;
        return ((Half)scale, scale == 0 ? 0 : 1 / scale);
    }

    static sbyte Quantize(float value, float inverse) => (sbyte)Math.Clamp(MathF.Round(value * inverse), -127, 127);
}
