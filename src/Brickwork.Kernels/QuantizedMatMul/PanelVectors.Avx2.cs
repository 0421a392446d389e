using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.QuantizedMatMul;

static partial class PanelVectors<TFormat>
{
    /// <summary>The parts of a panel as vectors of 8 of its rows; pointers are moved to the first or the ninth row by the caller.</summary>
    public static unsafe class Ymm
    {
        /// <summary>8 scales or offsets.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Scales(byte* numbers)
        {
            var words = Avx2.ConvertToVector256Int32(Vector128.Load((ushort*)numbers)).AsUInt32();
            return TFormat.HasBFloatScales ? (words << 16).AsSingle() : HalfConversion.Widen(words);
        }

        /// <summary>Scales of a block.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> BlockScales(Vector256<float> scales, byte* block) =>
            TFormat.Grades == ScaleGrades.PerBlock ? scales * Vector256.ConvertToSingle(Grades(block)) : scales;

        /// <summary>Offsets of a block.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> BlockOffsets(Vector256<float> offsets, byte* block) =>
            TFormat.Grades == ScaleGrades.PerBlock
                ? offsets * Vector256.ConvertToSingle(Grades(block + PanelLayout<TFormat>.Rows))
                : offsets;

        /// <summary>8 signed bytes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Grades(byte* grades) => Avx2.ConvertToVector256Int32((sbyte*)grades);

        /// <summary>The same 16-bit number in both halves of each word.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<short> InBothHalves(Vector256<int> numbers) =>
            ((numbers & Vector256.Create(0xFFFF)) | (numbers << 16)).AsInt16();

        /// <summary>Signed bytes as 16-bit numbers, each in both halves of its word: the factors of two sums of pairs.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<short> HalfGrades(byte* grades) => InBothHalves(Grades(grades));

        /// <summary>What the zero of the quants adds to a dot product too much, per row: −zero · Σ grade · input.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<short> ZeroFactors(byte* block)
        {
            if (TFormat.Grades != ScaleGrades.PerHalfBlock)
                return Vector256.Create((short)-TFormat.Zero);
            var both = (Grades(block) & Vector256.Create(0xFFFF)) | (Grades(block + PanelLayout<TFormat>.Rows) << 16);
            return both.AsInt16() * Vector256.Create((short)-TFormat.Zero);
        }

        /// <summary>Columns 4j … 4j+3 of each row, j = 0 … 3.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<byte> Low(byte* quants, int j)
        {
            var quant = Vector256.Load(quants + PanelLayout<TFormat>.Vector * j);
            if (TFormat.QuantBits == 8)
                return quant;
            quant &= Vector256.Create((byte)15);
            if (TFormat.QuantBits == 5)
            {
                var fifths = Vector256.Load(quants + PanelLayout<TFormat>.Vector * 4).AsUInt16();
                quant |= (fifths << 4 - j).AsByte() & Vector256.Create((byte)0x10);
            }
            if (TFormat.QuantBits == 6)
                quant |= Upper(Vector256.Load(quants + PanelLayout<TFormat>.Vector * 4), j);
            return TFormat.HasLevels ? Avx2.Shuffle(Vector256.Create(TFormat.Levels), quant) : quant;
        }

        /// <summary>Columns 16 + 4j … 16 + 4j+3 of each row, j = 0 … 3.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<byte> High(byte* quants, int j)
        {
            if (TFormat.QuantBits == 8)
                return Vector256.Load(quants + PanelLayout<TFormat>.Vector * (4 + j));
            var quant = (Vector256.Load(quants + PanelLayout<TFormat>.Vector * j).AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)15);
            if (TFormat.QuantBits == 5)
            {
                var fifths = Vector256.Load(quants + PanelLayout<TFormat>.Vector * 4).AsUInt16();
                quant |= (fifths >>> j).AsByte() & Vector256.Create((byte)0x10);
            }
            if (TFormat.QuantBits == 6)
                quant |= Upper(Vector256.Load(quants + PanelLayout<TFormat>.Vector * 5), j);
            return TFormat.HasLevels ? Avx2.Shuffle(Vector256.Create(TFormat.Levels), quant) : quant;
        }

        /// <summary>Bits 2j of each byte, moved to bits 4 and 5.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<byte> Upper(Vector256<byte> pairs, int j)
        {
            var moved = j < 2 ? pairs.AsUInt16() << 4 - 2 * j : pairs.AsUInt16() >>> 2 * j - 4;
            return moved.AsByte() & Vector256.Create((byte)0x30);
        }

        /// <summary>Four inputs, for every row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<sbyte> Inputs(byte* input, int group) => Vector256.Create(((int*)input)[group]).AsSByte();

        /// <summary>The scale of a block of inputs, for every row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> InputScale(byte* input) => Vector256.Create(*(float*)(input + ActivationBlocks.Scale));

        /// <summary>The two sums of a block of inputs, for every row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<short> InputSums(byte* input) => Vector256.Create(*(int*)(input + ActivationBlocks.Sums)).AsInt16();

        /// <summary>Adds what a block gives to 8 sums.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Add(Vector256<int> dot, Vector256<float> scales, Vector256<float> offsets, byte* input,
            Vector256<float> sum)
        {
            var inputScale = InputScale(input);
            sum = Fma.MultiplyAdd(Avx.ConvertToVector256Single(dot), scales * inputScale, sum);
            if (!TFormat.HasOffset)
                return sum;
            var inputSum = Avx.ConvertToVector256Single(Avx2.MultiplyAddAdjacent(InputSums(input), Vector256.Create((short)1)));
            return Fma.MultiplyAdd(offsets, inputScale * inputSum, sum);
        }
    }
}
