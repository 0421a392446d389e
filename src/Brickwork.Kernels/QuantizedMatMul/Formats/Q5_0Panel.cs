using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

readonly struct Q5_0Panel : IPanelFormat
{
    public static DType Type => DType.Q5_0;

    public static int QuantBits => 5;

    public static int Zero => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(stored), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block) =>
        HalfBytes.Halves(stored[6..]) | HalfBytes.Spread(BinaryPrimitives.ReadUInt32LittleEndian(stored[2..]), 4);
}
