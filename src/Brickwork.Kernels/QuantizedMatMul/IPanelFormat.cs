using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>How finely the scales of a format are graded.</summary>
enum ScaleGrades
{
    /// <summary>One scale per <see cref="IPanelFormat.ScaleBlocks"/> blocks.</summary>
    None,

    /// <summary>Beside it a signed byte per block of 32, and one for the offset where there is one: scale = d · grade.</summary>
    PerBlock,

    /// <summary>Beside it a signed byte per 16 values.</summary>
    PerHalfBlock,
}

/// <summary>A storage type that has a product with bytes: value = scale · (quant − zero) + offset, or scale · level[quant].</summary>
/// <remarks>The numbers are constants, so that a kernel generic in the format is compiled for each one.</remarks>
interface IPanelFormat
{
    /// <summary>The storage type.</summary>
    static abstract DType Type { get; }

    /// <summary>Bits per quant in a panel: 4, 5, 6 or 8.</summary>
    static abstract int QuantBits { get; }

    /// <summary>Bits of the unsigned numbers that are multiplied: the quants, or the levels plus <see cref="Zero"/>.</summary>
    static virtual int FactorBits => 0;

    /// <summary>What the multiplied numbers are too high by.</summary>
    static abstract int Zero { get; }

    /// <summary>Blocks of 32 values that share a scale.</summary>
    static virtual int ScaleBlocks => 1;

    /// <summary>Whether there is an offset beside the scale.</summary>
    static virtual bool HasOffset => false;

    /// <summary>How finely scales are graded.</summary>
    static virtual ScaleGrades Grades => ScaleGrades.None;

    /// <summary>Whether 16-bit scales are upper halves of floats (BF16) instead of halves (F16).</summary>
    static virtual bool HasBFloatScales => false;

    /// <summary>Whether a quant is the number of a level.</summary>
    static virtual bool HasLevels => false;

    /// <summary>The levels plus <see cref="Zero"/>.</summary>
    static virtual Vector128<byte> Levels => default;

    /// <summary>Scale and offset as 16-bit numbers; the offset is to be added.</summary>
    static abstract (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored);

    /// <summary>The grades of a block: of scale and offset, or of the two halves.</summary>
    static virtual (byte First, byte Second) ReadGrades(ReadOnlySpan<byte> stored, int block) => default;

    /// <summary>The 32 quants of a block, one per byte.</summary>
    static abstract Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block);
}
