using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

readonly struct Q4_KPanel : IPanelFormat
{
    // The minimum is subtracted: with its sign turned it is an offset.
    const int SignBit = 0x8000;

    public static DType Type => DType.Q4_K;

    public static int QuantBits => 4;

    public static int Zero => 0;

    public static int ScaleBlocks => 8;

    public static bool HasOffset => true;

    public static ScaleGrades Grades => ScaleGrades.PerBlock;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(stored), (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(stored[2..]) ^ SignBit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (byte First, byte Second) ReadGrades(ReadOnlySpan<byte> stored, int block)
    {
        var (scale, minimum) = SixBitPairs.Read(stored[4..], block);
        return ((byte)scale, (byte)minimum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block) =>
        HalfBytes.Bits(stored[(16 + 32 * (block / 2))..], 4 * (block % 2), 4);
}
