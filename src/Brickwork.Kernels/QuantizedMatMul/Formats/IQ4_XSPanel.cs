using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

/// <summary>The levels of IQ4_NL with graded scales.</summary>
readonly struct IQ4_XSPanel : IPanelFormat
{
    public static DType Type => DType.IQ4_XS;

    public static int QuantBits => 4;

    public static int FactorBits => 8;

    public static int Zero => 128;

    public static int ScaleBlocks => 8;

    public static ScaleGrades Grades => ScaleGrades.PerBlock;

    public static bool HasLevels => true;

    public static Vector128<byte> Levels => IQ4_NLPanel.Levels;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(stored), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (byte First, byte Second) ReadGrades(ReadOnlySpan<byte> stored, int block)
    {
        var low = stored[4 + block / 2] >> 4 * (block % 2) & 15;
        var upper = BinaryPrimitives.ReadUInt16LittleEndian(stored[2..]) >> 2 * block & 3;
        return ((byte)((low | upper << 4) - 32), 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block) => HalfBytes.Halves(stored[(8 + 16 * block)..]);
}
