using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

readonly struct Q4_1Panel : IPanelFormat
{
    public static DType Type => DType.Q4_1;

    public static int QuantBits => 4;

    public static int Zero => 0;

    public static bool HasOffset => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(stored), BinaryPrimitives.ReadUInt16LittleEndian(stored[2..]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block) => HalfBytes.Halves(stored[4..]);
}
