using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

readonly partial record struct KeyValuePage
{
    /// <summary>The keys as floats [Kw, 64]: the page's own memory, or a widened copy in <paramref name="copy"/>.</summary>
    public ReadOnlySpan<float> Keys(InstructionSet path, ReadOnlySpan<byte> page, Span<float> copy, nint ahead)
    {
        var keys = page[..KeyBytes];
        if (Type == CacheType.F32)
            return MemoryMarshal.Cast<byte, float>(keys);
        copy = copy[..(KeyWidth * Positions)];
        if (path == InstructionSet.Avx512)
            WidenKeys<Lanes512>(keys, copy, ahead);
        else if (path == InstructionSet.Avx2)
            WidenKeys<Lanes256>(keys, copy, ahead);
        else
            WidenKeys<Lanes128>(keys, copy, ahead);
        return copy;
    }

    /// <summary>The values as floats [64, stride]; only rows <paramref name="first"/> … <paramref name="end"/> − 1 are sure.</summary>
    public ReadOnlySpan<float> Values(InstructionSet path, ReadOnlySpan<byte> page, int first, int end, Span<float> copy, nint ahead)
    {
        var values = page[KeyBytes..];
        if (Type == CacheType.F32)
            return MemoryMarshal.Cast<byte, float>(values);
        copy = copy[..(ValueStride * Positions)];
        if (path == InstructionSet.Avx512)
            WidenValues<Lanes512>(values, first, end, copy, ahead);
        else if (path == InstructionSet.Avx2)
            WidenValues<Lanes256>(values, first, end, copy, ahead);
        else
            WidenValues<Lanes128>(values, first, end, copy, ahead);
        return copy;
    }

    void WidenKeys<T>(ReadOnlySpan<byte> keys, Span<float> copy, nint ahead) where T : struct, ILanes<T>
    {
        if (Type == CacheType.F16)
        {
            WidenHalves<T>(MemoryMarshal.Cast<byte, ushort>(keys)[..copy.Length], copy, ahead);
            return;
        }
        if (Type == CacheType.Q4_0)
        {
            WidenKeyHalfBytes<T>(keys, copy, ahead);
            return;
        }
        var scales = MemoryMarshal.Cast<byte, ushort>(keys);
        var turned = MemoryMarshal.Cast<byte, sbyte>(keys[ScaleBytes(KeyWidth)..]);
        for (var first = 0; first < KeyWidth; first += BlockLength)
            WidenKeyBlock<T>(
                scales.Slice(first / BlockLength * Positions, Positions),
                turned.Slice(first * Positions, Math.Min(BlockLength, KeyWidth - first) * Positions), copy[(first * Positions)..], ahead);
    }

    void WidenValues<T>(ReadOnlySpan<byte> values, int first, int end, Span<float> copy, nint ahead) where T : struct, ILanes<T>
    {
        if (Type == CacheType.F16)
        {
            var range = (first * ValueStride)..(end * ValueStride);
            WidenHalves<T>(MemoryMarshal.Cast<byte, ushort>(values)[range], copy[range], ahead);
            return;
        }
        if (Type == CacheType.Q4_0)
        {
            WidenValueHalfBytes<T>(values, first, end, copy, ahead);
            return;
        }
        var scales = MemoryMarshal.Cast<byte, ushort>(values);
        var rows = MemoryMarshal.Cast<byte, sbyte>(values[ScaleBytes(ValueStride)..]);
        Span<float> widened = stackalloc float[Positions];
        for (var column = 0; column < ValueStride; column += BlockLength)
        {
            WidenHalves<T>(scales.Slice(column / BlockLength * Positions, Positions), widened, 0);
            var length = Math.Min(BlockLength, ValueStride - column);
            WidenValueBlock<T>(widened[first..end], rows, first * ValueStride + column, length, copy, ahead);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WidenHalves<T>(ReadOnlySpan<ushort> halves, Span<float> copy, nint ahead) where T : struct, ILanes<T>
    {
        ref var source = ref MemoryMarshal.GetReference(halves);
        for (var i = 0; i < halves.Length; i += T.Count)
        {
            NextPage.Call(ref Unsafe.Add(ref source, i), 1, ahead);
            T.Store(T.Load(ref source, (nuint)i), ref MemoryMarshal.GetReference(copy), (nuint)i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WidenKeyBlock<T>(ReadOnlySpan<ushort> scales, ReadOnlySpan<sbyte> bytes, Span<float> copy, nint ahead)
        where T : struct, ILanes<T>
    {
        ref var source = ref MemoryMarshal.GetReference(bytes);
        for (var slot = 0; slot < Positions; slot += T.Count)
        {
            var scale = T.Load(ref MemoryMarshal.GetReference(scales), (nuint)slot);
            for (var i = slot; i < bytes.Length; i += Positions)
            {
                NextPage.Call(ref Unsafe.Add(ref source, i), 1, ahead);
                T.Store(T.Load(ref source, (nuint)i) * scale, ref MemoryMarshal.GetReference(copy), (nuint)i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void WidenValueBlock<T>(ReadOnlySpan<float> scales, ReadOnlySpan<sbyte> bytes, int place, int length, Span<float> copy, nint ahead)
        where T : struct, ILanes<T>
    {
        ref var source = ref MemoryMarshal.GetReference(bytes);
        foreach (var value in scales)
        {
            NextPage.Call(ref Unsafe.Add(ref source, place), 1, ahead);
            var scale = T.Broadcast(value);
            for (var i = place; i < place + length; i += T.Count)
                T.Store(T.Load(ref source, (nuint)i) * scale, ref MemoryMarshal.GetReference(copy), (nuint)i);
            place += ValueStride;
        }
    }
}
