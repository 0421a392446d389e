using System.Runtime.CompilerServices;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>Where things lie in a panel: 16 rows of weights, interleaved so that one vector holds the same columns of all rows.</summary>
/// <remarks>
/// Per scale: 16 scales, 16 offsets (2 bytes each). Per block of 32 columns in it: 16 grades of each kind (1 byte each), then quants.
/// Byte 64j + 4r + c holds column 4j + c of row r; with fewer than 8 bits, its low half that column and its high half column 16 + 4j + c,
/// for j = 0 … 3. A fifth bit stands in bit j of byte 4r + c behind them, fifth and sixth in bits 2j of byte 4r + c of two such
/// rows of 64 bytes, one per half of the block.
/// </remarks>
static class PanelLayout<TFormat> where TFormat : struct, IPanelFormat
{
    /// <summary>Rows in a panel.</summary>
    public const int Rows = 16;

    /// <summary>Columns in a block.</summary>
    public const int BlockLength = 32;

    /// <summary>Bytes of one number per row and column group.</summary>
    public const int Vector = 64;

    /// <summary>Bits of the multiplied numbers.</summary>
    public static int FactorBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFormat.FactorBits == 0 ? TFormat.QuantBits : TFormat.FactorBits;
    }

    public static int HeaderBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFormat.HasOffset ? 4 * Rows : 2 * Rows;
    }

    public static int GradeBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFormat.Grades == ScaleGrades.None ? 0
        : TFormat.Grades == ScaleGrades.PerHalfBlock || TFormat.HasOffset ? 2 * Rows : Rows;
    }

    public static int QuantBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFormat.QuantBits * Vector;
    }

    public static int BlockBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => GradeBytes + QuantBytes;
    }

    /// <summary>Columns that share a scale.</summary>
    public static int ScaleLength
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFormat.ScaleBlocks * BlockLength;
    }

    public static int ScaleBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => HeaderBytes + TFormat.ScaleBlocks * BlockBytes;
    }

    public static long Bytes(int columns) => (long)(columns / ScaleLength) * ScaleBytes;
}
