using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

readonly struct MXFP4Panel : IPanelFormat
{
    public static DType Type => DType.MXFP4;

    public static int QuantBits => 4;

    public static int FactorBits => 5;

    public static int Zero => 12;

    public static bool HasBFloatScales => true;

    public static bool HasLevels => true;

    public static Vector128<byte> Levels => (Vector128.Create(MXFP4.Levels) + Vector128.Create((sbyte)12)).AsByte();

    // A power of two is exact in the upper half of a float; it is halved because the levels are doubled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) =>
        ((ushort)(stored[0] < 2 ? 0x0020 << stored[0] : (stored[0] - 1) << 7), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block) => HalfBytes.Halves(stored[1..]);
}
