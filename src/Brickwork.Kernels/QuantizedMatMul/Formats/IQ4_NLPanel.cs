using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

readonly struct IQ4_NLPanel : IPanelFormat
{
    public static DType Type => DType.IQ4_NL;

    public static int QuantBits => 4;

    public static int FactorBits => 8;

    public static int Zero => 128;

    public static bool HasLevels => true;

    public static Vector128<byte> Levels => Vector128.Create(IQ4_NL.Levels).AsByte() ^ Vector128.Create((byte)0x80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(stored), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block) => HalfBytes.Halves(stored[2..]);
}
