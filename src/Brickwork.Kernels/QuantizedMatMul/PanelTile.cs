using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>
/// Two panels, 32 rows, times four rows of inputs: some blocks of weights are unpacked once and used for every four tokens.
/// </summary>
/// <remarks>
/// Unpacked, a block is: 16 scales, 16 offsets, where grades are per half block the grades of both halves and what to multiply the sums of
/// inputs by, then the factors of columns 4j … 4j+3 for j = 0 … 7; 64 bytes each; factors of 8 bits may be two
/// of 4 bits. The blocks of two panels alternate. Sums are added up as in <see cref="PanelRow{TFormat}"/>.
/// </remarks>
static partial class PanelTile<TFormat> where TFormat : struct, IPanelFormat
{
    /// <summary>Tokens in a tile.</summary>
    public const int Tokens = 4;

    /// <summary>Rows in a tile.</summary>
    public const int Rows = 2 * PanelRows;

    const int PanelRows = 16;
    const int Vector = 64;

    /// <summary>Whether factors of 8 bits become two of 4 bits: where the processor has no sum of four products of bytes.</summary>
    static bool SplitsBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PanelLayout<TFormat>.FactorBits == 8 && !AvxVnni.IsSupported;
    }

    static int OffsetsAt => Vector;

    static int GradesAt
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFormat.HasOffset ? 2 * Vector : Vector;
    }

    static int FactorsAt
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => GradesAt + (TFormat.Grades == ScaleGrades.PerHalfBlock ? 3 * Vector : 0);
    }

    static int UnpackedBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => FactorsAt + (SplitsBytes ? 16 : 8) * Vector;
    }

    /// <summary>Blocks that are unpacked at a time: two panels of them leave room in a cache of 32 KiB for the inputs.</summary>
    public static int PieceBlocks => SplitsBytes ? 8 : 16;

    /// <summary>Bytes of <see cref="PieceBlocks"/> unpacked blocks of two panels.</summary>
    public static int PieceBytes => 2 * PieceBlocks * UnpackedBytes;

    /// <summary>Unpacks blocks of two panels.</summary>
    /// <param name="path">The kernel to use: <see cref="InstructionSet.Avx2"/> or better.</param>
    /// <param name="first">From the first block to unpack on, which must be the first of a scale.</param>
    /// <param name="second">The same of the panel below; may be the same panel.</param>
    /// <param name="blocks">How many: whole scales, at most <see cref="PieceBlocks"/>.</param>
    /// <param name="unpacked"><see cref="PieceBytes"/> bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(InstructionSet path, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int blocks, Span<byte> unpacked)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(blocks % TFormat.ScaleBlocks, 0, nameof(blocks));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, PieceBlocks, nameof(blocks));
        ArgumentOutOfRangeException.ThrowIfLessThan(unpacked.Length, PieceBytes, nameof(unpacked));
        var bytes = blocks / TFormat.ScaleBlocks * PanelLayout<TFormat>.ScaleBytes;
        if (path == InstructionSet.Avx512)
        {
            UnpackAvx512(first[..bytes], unpacked);
            UnpackAvx512(second[..bytes], unpacked[UnpackedBytes..]);
        }
        else
        {
            UnpackAvx2(first[..bytes], unpacked);
            UnpackAvx2(second[..bytes], unpacked[UnpackedBytes..]);
        }
    }

    /// <summary>sums[t, r] += Σ_k weights[r, k] · inputs[t, k] over the unpacked blocks.</summary>
    /// <param name="path">The kernel to use: <see cref="InstructionSet.Avx2"/> or better.</param>
    /// <param name="unpacked">What <see cref="Unpack"/> wrote.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="inputs">Four tokens' blocks.</param>
    /// <param name="sums">[<see cref="Tokens"/>, <see cref="Rows"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(InstructionSet path, ReadOnlySpan<byte> unpacked, int blocks, in FourInputs inputs, Span<float> sums)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(unpacked.Length, 2 * blocks * UnpackedBytes, nameof(unpacked));
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Shortest, blocks * ActivationBlocks.BlockBytes, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, Tokens * Rows, nameof(sums));
        if (path == InstructionSet.Avx512)
            AccumulateAvx512(unpacked, blocks, inputs, sums);
        else
            AccumulateAvx2(unpacked, blocks, inputs, sums);
    }
}

/// <summary>The input blocks of four tokens; a token may stand for several.</summary>
readonly ref struct FourInputs(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, ReadOnlySpan<byte> fourth)
{
    public readonly ReadOnlySpan<byte> First = first;
    public readonly ReadOnlySpan<byte> Second = second;
    public readonly ReadOnlySpan<byte> Third = third;
    public readonly ReadOnlySpan<byte> Fourth = fourth;

    public ReadOnlySpan<byte> this[int token] => token switch { 0 => First, 1 => Second, 2 => Third, _ => Fourth };

    public int Shortest => Math.Min(Math.Min(First.Length, Second.Length), Math.Min(Third.Length, Fourth.Length));
}
