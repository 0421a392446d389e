using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>The parts of a panel as vectors of its rows.</summary>
static partial class PanelVectors<TFormat> where TFormat : struct, IPanelFormat
{
    /// <summary>The parts of a panel as vectors of its 16 rows.</summary>
    public static unsafe class Zmm
    {
        /// <summary>16 scales or offsets.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Scales(byte* numbers)
        {
            var words = Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)numbers));
            return TFormat.HasBFloatScales ? (words << 16).AsSingle() : HalfConversion.Widen(words);
        }

        /// <summary>Scales of a block.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> BlockScales(Vector512<float> scales, byte* block) =>
            TFormat.Grades == ScaleGrades.PerBlock ? scales * Vector512.ConvertToSingle(Grades(block)) : scales;

        /// <summary>Offsets of a block.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> BlockOffsets(Vector512<float> offsets, byte* block) =>
            TFormat.Grades == ScaleGrades.PerBlock
                ? offsets * Vector512.ConvertToSingle(Grades(block + PanelLayout<TFormat>.Rows))
                : offsets;

        /// <summary>16 signed bytes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<int> Grades(byte* grades) => Avx512F.ConvertToVector512Int32(Vector128.Load((sbyte*)grades));

        /// <summary>The same 16-bit number in both halves of each word.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<short> InBothHalves(Vector512<int> numbers) =>
            ((numbers & Vector512.Create(0xFFFF)) | (numbers << 16)).AsInt16();

        /// <summary>Signed bytes as 16-bit numbers, each in both halves of its word: the factors of two sums of pairs.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<short> HalfGrades(byte* grades) => InBothHalves(Grades(grades));

        /// <summary>What the zero of the quants adds to a dot product too much, per row: −zero · Σ grade · input.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<short> ZeroFactors(byte* block)
        {
            if (TFormat.Grades != ScaleGrades.PerHalfBlock)
                return Vector512.Create((short)-TFormat.Zero);
            var both = (Grades(block) & Vector512.Create(0xFFFF)) | (Grades(block + PanelLayout<TFormat>.Rows) << 16);
            return both.AsInt16() * Vector512.Create((short)-TFormat.Zero);
        }

        /// <summary>Columns 4j … 4j+3 of each row, j = 0 … 3.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> Low(byte* quants, int j)
        {
            var quant = Vector512.Load(quants + PanelLayout<TFormat>.Vector * j);
            if (TFormat.QuantBits == 8)
                return quant;
            quant &= Vector512.Create((byte)15);
            if (TFormat.QuantBits == 5)
            {
                var fifths = Vector512.Load(quants + PanelLayout<TFormat>.Vector * 4).AsUInt16();
                quant |= (fifths << 4 - j).AsByte() & Vector512.Create((byte)0x10);
            }
            if (TFormat.QuantBits == 6)
                quant |= Upper(Vector512.Load(quants + PanelLayout<TFormat>.Vector * 4), j);
            return TFormat.HasLevels ? Avx512BW.Shuffle(Vector512.Create(Vector256.Create(TFormat.Levels)), quant) : quant;
        }

        /// <summary>Columns 16 + 4j … 16 + 4j+3 of each row, j = 0 … 3.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> High(byte* quants, int j)
        {
            if (TFormat.QuantBits == 8)
                return Vector512.Load(quants + PanelLayout<TFormat>.Vector * (4 + j));
            var quant = (Vector512.Load(quants + PanelLayout<TFormat>.Vector * j).AsUInt16() >>> 4).AsByte() & Vector512.Create((byte)15);
            if (TFormat.QuantBits == 5)
            {
                var fifths = Vector512.Load(quants + PanelLayout<TFormat>.Vector * 4).AsUInt16();
                quant |= (fifths >>> j).AsByte() & Vector512.Create((byte)0x10);
            }
            if (TFormat.QuantBits == 6)
                quant |= Upper(Vector512.Load(quants + PanelLayout<TFormat>.Vector * 5), j);
            return TFormat.HasLevels ? Avx512BW.Shuffle(Vector512.Create(Vector256.Create(TFormat.Levels)), quant) : quant;
        }

        /// <summary>Bits 2j of each byte, moved to bits 4 and 5.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<byte> Upper(Vector512<byte> pairs, int j)
        {
            var moved = j < 2 ? pairs.AsUInt16() << 4 - 2 * j : pairs.AsUInt16() >>> 2 * j - 4;
            return moved.AsByte() & Vector512.Create((byte)0x30);
        }

        /// <summary>Adds what a block gives to 16 sums.</summary>
        /// <param name="dot">Sums of products of whole numbers, one per row.</param>
        /// <param name="zero"><see cref="ZeroFactors"/>.</param>
        /// <param name="scales"><see cref="BlockScales"/>.</param>
        /// <param name="offsets"><see cref="BlockOffsets"/>.</param>
        /// <param name="input">The block of inputs.</param>
        /// <param name="sum">16 sums.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Add(
            Vector512<int> dot, Vector512<short> zero, Vector512<float> scales, Vector512<float> offsets, int* input, Vector512<float> sum)
        {
            var inputSums = Vector512.Create(input[ActivationBlocks.Sums / 4]).AsInt16();
            var inputScale = Vector512.Create(((float*)input)[ActivationBlocks.Scale / 4]);
            if (TFormat.Zero != 0)
                dot += Avx512BW.MultiplyAddAdjacent(zero, inputSums);
            sum = Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(dot), scales * inputScale, sum);
            if (!TFormat.HasOffset)
                return sum;
            var inputSum = Avx512F.ConvertToVector512Single(Avx512BW.MultiplyAddAdjacent(inputSums, Vector512.Create((short)1)));
            return Avx512F.FusedMultiplyAdd(offsets, inputScale * inputSum, sum);
        }
    }
}
