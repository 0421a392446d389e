using System.Runtime.InteropServices;

namespace Brickwork.Kernels.Attention;

readonly partial record struct KeyValuePage
{
    /// <summary>Copies the key and the value of one position as they are stored, without rounding again.</summary>
    /// <param name="source">The bytes of a page of one head.</param>
    /// <param name="from">Where in it, 0 … 63.</param>
    /// <param name="target">The bytes of a page of one head; may be the same.</param>
    /// <param name="to">Where in it, 0 … 63.</param>
    public void Copy(ReadOnlySpan<byte> source, int from, Span<byte> target, int to)
    {
        var scales = ScaleBytes(KeyWidth);
        CopyTurned<ushort>(source[..scales], from, target[..scales], to);
        CopyKey(source[scales..KeyBytes], from, target[scales..KeyBytes], to);
        source = source[KeyBytes..];
        target = target[KeyBytes..];
        scales = ScaleBytes(ValueStride);
        CopyTurned<ushort>(source[..scales], from, target[..scales], to);
        CopyValue(source[scales..], from, target[scales..], to);
    }

    void CopyKey(ReadOnlySpan<byte> source, int from, Span<byte> target, int to)
    {
        if (Type == CacheType.F32)
            CopyTurned<float>(source, from, target, to);
        else if (Type == CacheType.F16)
            CopyTurned<ushort>(source, from, target, to);
        else if (Type == CacheType.Q8_0)
            CopyTurned<byte>(source, from, target, to);
        else
            for (var row = 0; row < source.Length; row += SharingPositions)
                PutHalf(ref target[row + to % SharingPositions], to, Quant(source[row + from % SharingPositions], from));
    }

    void CopyValue(ReadOnlySpan<byte> source, int from, Span<byte> target, int to)
    {
        if (Type == CacheType.Q4_0)
        {
            for (var i = 0; i < ValueStride; i++)
                PutHalf(ref target[to % SharingPositions * ValueStride + i], to, Quant(source[from % SharingPositions * ValueStride + i], from));
            return;
        }
        var bytes = ValueStride * BitsOfValue / 8;
        source.Slice(from * bytes, bytes).CopyTo(target[(to * bytes)..]);
    }

    static void CopyTurned<T>(ReadOnlySpan<byte> source, int from, Span<byte> target, int to) where T : unmanaged
    {
        var values = MemoryMarshal.Cast<byte, T>(source);
        var places = MemoryMarshal.Cast<byte, T>(target);
        for (var row = 0; row < values.Length; row += Positions)
            places[row + to] = values[row + from];
    }

    static byte Quant(byte both, int slot) => (byte)(slot < SharingPositions ? both & 0x0F : (both >> 4) ^ 8);
}
