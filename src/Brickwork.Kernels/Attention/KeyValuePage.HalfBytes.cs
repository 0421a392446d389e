using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

/// <remarks>
/// Q4_0: positions s and s + 32 share the bytes of a row, so that keys are [width, 32] and values [32, stride] bytes and vectors of every
/// width fit. The low half of a byte is 0 … 15, the high half −8 … 7; both stand for −8 … 7.
/// </remarks>
readonly partial record struct KeyValuePage
{
    const int SharingPositions = Positions / 2;

    void WriteHalfBytes(Span<byte> keys, Span<byte> values, int slot, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        var place = slot % SharingPositions;
        var turned = keys[ScaleBytes(KeyWidth)..];
        Span<byte> quants = stackalloc byte[BlockLength];
        for (var first = 0; first < KeyWidth; first += BlockLength)
        {
            MemoryMarshal.Cast<byte, Half>(keys)[first / BlockLength * Positions + slot] = Quantize(key, first, quants);
            for (var i = 0; i < Math.Min(BlockLength, KeyWidth - first); i++)
                PutHalf(ref turned[(first + i) * SharingPositions + place], slot, quants[i]);
        }
        var row = values[(ScaleBytes(ValueStride) + place * ValueStride)..];
        for (var first = 0; first < ValueStride; first += BlockLength)
        {
            MemoryMarshal.Cast<byte, Half>(values)[first / BlockLength * Positions + slot] = Quantize(value, first, quants);
            for (var i = 0; i < Math.Min(BlockLength, ValueStride - first); i++)
                PutHalf(ref row[first + i], slot, quants[i]);
        }
    }

    /// <summary>32 values from <paramref name="first"/> on, zeros behind the last, as ggml rounds to Q4_0: the largest magnitude becomes −8.</summary>
    static Half Quantize(ReadOnlySpan<float> row, int first, Span<byte> quants)
    {
        Span<float> block = stackalloc float[BlockLength];
        block.Clear();
        row[Math.Min(first, row.Length)..Math.Min(first + BlockLength, row.Length)].CopyTo(block);
        var scale = ScaleFit.Extreme(block) / -8;
        Rounding.Truncated(block, 0, Rounding.InverseOrZero(scale), 8.5f, 15, quants);
        return (Half)scale;
    }

    static void PutHalf(ref byte both, int slot, byte quant) =>
        both = slot < SharingPositions ? (byte)((both & 0xF0) | quant) : (byte)((both & 0x0F) | (quant ^ 8) << 4);

    void WidenKeyHalfBytes<T>(ReadOnlySpan<byte> keys, Span<float> copy, nint ahead) where T : struct, ILanes<T>
    {
        var scales = MemoryMarshal.Cast<byte, ushort>(keys);
        var turned = MemoryMarshal.Cast<byte, sbyte>(keys[ScaleBytes(KeyWidth)..]);
        for (var first = 0; first < KeyWidth; first += BlockLength)
            WidenKeyHalves<T>(
                scales.Slice(first / BlockLength * Positions, Positions), turned[(first * SharingPositions)..],
                copy.Slice(first * Positions, Math.Min(BlockLength, KeyWidth - first) * Positions), ahead);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WidenKeyHalves<T>(ReadOnlySpan<ushort> scales, ReadOnlySpan<sbyte> bytes, Span<float> copy, nint ahead)
        where T : struct, ILanes<T>
    {
        ref var scale = ref MemoryMarshal.GetReference(scales);
        ref var target = ref MemoryMarshal.GetReference(copy);
        for (var slot = 0; slot < SharingPositions; slot += T.Count)
        {
            var (lowScale, highScale) = (T.Load(ref scale, (nuint)slot), T.Load(ref scale, (nuint)(slot + SharingPositions)));
            ref var source = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), slot);
            for (var i = slot; i < copy.Length; i += Positions)
            {
                NextPage.Call(ref source, 1, ahead);
                var (low, high) = Split(T.Load(ref source, 0));
                T.Store(low * lowScale, ref target, (nuint)i);
                T.Store(high * highScale, ref target, (nuint)(i + SharingPositions));
                source = ref Unsafe.Add(ref source, SharingPositions);
            }
        }
    }

    void WidenValueHalfBytes<T>(ReadOnlySpan<byte> values, int first, int end, Span<float> copy, nint ahead) where T : struct, ILanes<T>
    {
        var scales = MemoryMarshal.Cast<byte, ushort>(values);
        var rows = MemoryMarshal.Cast<byte, sbyte>(values[ScaleBytes(ValueStride)..]);
        Span<float> widened = stackalloc float[Positions];
        for (var column = 0; column < ValueStride; column += BlockLength)
        {
            WidenHalves<T>(scales.Slice(column / BlockLength * Positions, Positions), widened, 0);
            var length = Math.Min(BlockLength, ValueStride - column);
            for (var slot = first; slot < end; slot++)
                WidenValueHalves<T>(
                    widened[slot], slot, rows.Slice(slot % SharingPositions * ValueStride + column, length),
                    copy.Slice(slot * ValueStride + column, length), ahead);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WidenValueHalves<T>(float scale, int slot, ReadOnlySpan<sbyte> bytes, Span<float> copy, nint ahead)
        where T : struct, ILanes<T>
    {
        ref var source = ref MemoryMarshal.GetReference(bytes);
        NextPage.Call(ref source, 1, ahead);
        for (var i = 0; i < bytes.Length; i += T.Count)
        {
            var (low, high) = Split(T.Load(ref source, (nuint)i));
            T.Store((slot < SharingPositions ? low : high) * T.Broadcast(scale), ref MemoryMarshal.GetReference(copy), (nuint)i);
        }
    }

    /// <summary>Both halves of bytes 16 · high + low; rounding what is 15/32 less rounds down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (T Low, T High) Split<T>(T both) where T : struct, ILanes<T>
    {
        // Adding 0 makes a negative zero positive, which would else depend on the other half.
        var high = T.Round(both * T.Broadcast(1 / 16f) - T.Broadcast(15 / 32f)) + T.Broadcast(0);
        return (both - high * T.Broadcast(16) - T.Broadcast(8), high);
    }
}
