using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

readonly struct Q8_0Panel : IPanelFormat
{
    public static DType Type => DType.Q8_0;

    public static int QuantBits => 8;

    public static int Zero => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(stored), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block) =>
        Vector256.Create(stored[2..]) ^ Vector256.Create((byte)0x80);
}
