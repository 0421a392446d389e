using System.Runtime.InteropServices;
using Brickwork.Kernels.MatMul;
using Brickwork.TestKit;

namespace Brickwork.Kernels.Tests.MatMul;

public sealed class GemmKernelTests
{
    static readonly int[] Lengths = [1, 2, 5, 6, 7, 13, 16, 17, 33, 64, 65, 130];

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void A_product_is_the_sum_over_the_depth_in_all_transposes(InstructionSet path)
    {
        var random = new Random(1);
        foreach (var depth in (int[])[1, 16, 37, 257])
            foreach (var rows in Lengths)
                foreach (var columns in Lengths)
                {
                    var sample = new Sample(random, new GemmSize(rows, columns, depth), random.Next(4));
                    sample.ShouldBeProduct(path, GemmTarget.Replace);
                    sample.ShouldBeProduct(path, GemmTarget.Add);
                }
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void A_depth_of_several_packed_parts_adds_up(InstructionSet path)
    {
        var random = new Random(2);
        for (var transposes = 0; transposes < 4; transposes++)
            new Sample(random, new GemmSize(103, 70, 1100), transposes).ShouldBeProduct(path, GemmTarget.Add);
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void Every_path_gives_the_bits_of_the_reference_in_all_transposes(InstructionSet path)
    {
        var random = new Random(3);
        foreach (var size in (GemmSize[])[new(1, 1, 1), new(13, 75, 257), new(100, 200, 1100), new(7, 64, 70)])
        {
            var plain = new Sample(random, size, 0);
            var expected = plain.Run(InstructionSet.Reference, GemmTarget.Add);
            for (var transposes = 0; transposes < 4; transposes++)
                Bits(plain.Transposed(transposes).Run(path, GemmTarget.Add)).ShouldBe(Bits(expected), $"{size}, transposes {transposes}");
        }
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void A_row_does_not_depend_on_the_rows_and_columns_around_it(InstructionSet path)
    {
        var sample = new Sample(new Random(4), new GemmSize(40, 90, 600), 2);
        var whole = sample.Run(path, GemmTarget.Replace);
        var size = new GemmSize(1, 3, 600);
        var part = new float[3];
        GemmKernel.Run(path, GemmTarget.Replace, size, new MatrixView(sample.A.AsSpan(21 * sample.AStride), sample.AStride),
            new MatrixView(sample.B.AsSpan(66 * sample.BStride), sample.BStride).Transposed, Sample.Alpha, part, 3);
        Bits(part).ShouldBe(Bits(whole.AsSpan(21 * sample.CStride + 66, 3).ToArray()));
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void Without_depth_a_product_is_zero(InstructionSet path)
    {
        float[] c = [1, 2, 3, 4, 5, 6];
        GemmKernel.Run(path, GemmTarget.Add, new GemmSize(2, 2, 0), new([], 0), new([], 2), 1, c, 3);
        c.ShouldBe([1, 2, 3, 4, 5, 6]);
        GemmKernel.Run(path, GemmTarget.Replace, new GemmSize(2, 2, 0), new([], 0), new([], 2), 1, c, 3);
        c.ShouldBe([0, 0, 3, 0, 0, 6]);
        GemmKernel.Run(path, GemmTarget.Replace, new GemmSize(0, 2, 3), new([], 3), new(c, 2), 1, [], 2);
        GemmKernel.Run(path, GemmTarget.Replace, new GemmSize(2, 0, 3), new(c, 3), new([], 0), 1, [], 0);
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void What_was_there_before_a_replacement_does_not_matter_even_if_undefined(InstructionSet path)
    {
        var sample = new Sample(new Random(5), new GemmSize(9, 70, 300), 1);
        var expected = sample.Run(path, GemmTarget.Replace);
        for (var row = 0; row < 9; row++)
            sample.C.AsSpan(row * sample.CStride, 70).Fill(float.NaN);
        Bits(sample.Run(path, GemmTarget.Replace)).ShouldBe(Bits(expected));
    }

    [Fact]
    public void A_matrix_that_leaves_its_memory_is_refused()
    {
        var memory = new float[64];
        void Run(GemmSize size, int aStride, int bStride, int cStride) => GemmKernel.Run(InstructionSets.Default, GemmTarget.Replace, size,
            new(memory, aStride), new(memory, bStride), 1, new float[64], cStride);
        Run(new(8, 8, 8), 8, 8, 8);
        Should.Throw<ArgumentException>(() => Run(new(9, 8, 8), 8, 8, 8)).Message.ShouldContain("9 stored rows of 8 values");
        Should.Throw<ArgumentException>(() => Run(new(1, 8, 9), 9, 8, 8));
        Should.Throw<ArgumentException>(() => Run(new(4, 4, 4), 3, 4, 4));
        Should.Throw<ArgumentException>(() => Run(new(4, 4, 4), 4, 4, 21));
    }

    static int[] Bits(float[] values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    /// <summary>A product of random matrices that are slices of wider ones, and the same in F64.</summary>
    sealed class Sample
    {
        public const float Alpha = 0.75f;

        readonly GemmSize _size;
        readonly int _transposes;

        public Sample(Random random, GemmSize size, int transposes)
        {
            (_size, _transposes) = (size, transposes);
            A = Values(random, StoredRows(size.Rows, size.Depth, 1), AStride);
            B = Values(random, StoredRows(size.Depth, size.Columns, 2), BStride);
            C = Values(random, size.Rows, CStride);
        }

        Sample(GemmSize size, int transposes, float[] a, float[] b, float[] c) => (_size, _transposes, A, B, C) = (size, transposes, a, b, c);

        public float[] A { get; }

        public float[] B { get; }

        public float[] C { get; }

        public int AStride => StoredColumns(_size.Rows, _size.Depth, 1) + 3;

        public int BStride => StoredColumns(_size.Depth, _size.Columns, 2) + 5;

        public int CStride => _size.Columns + 7;

        /// <summary>The same matrices, stored in another way; made from one that is not transposed.</summary>
        public Sample Transposed(int transposes)
        {
            _transposes.ShouldBe(0);
            var (a, b) = (A, B);
            if ((transposes & 1) != 0)
                a = Turn(A, _size.Rows, _size.Depth, AStride, 3);
            if ((transposes & 2) != 0)
                b = Turn(B, _size.Depth, _size.Columns, BStride, 5);
            return new(_size, transposes, a, b, C);
        }

        public float[] Run(InstructionSet path, GemmTarget target)
        {
            var c = C.ToArray();
            var a = new MatrixView(A, AStride);
            var b = new MatrixView(B, BStride);
            GemmKernel.Run(path, target, _size, (_transposes & 1) != 0 ? a.Transposed : a, (_transposes & 2) != 0 ? b.Transposed : b, Alpha,
                c, CStride);
            return c;
        }

        public void ShouldBeProduct(InstructionSet path, GemmTarget target)
        {
            var found = Run(path, target);
            var expected = C.ToArray();
            for (var row = 0; row < _size.Rows; row++)
                for (var column = 0; column < _size.Columns; column++)
                {
                    var sum = 0.0;
                    for (var step = 0; step < _size.Depth; step++)
                        sum += (double)A[Index(row, step, AStride, 1)] * B[Index(step, column, BStride, 2)];
                    var old = target == GemmTarget.Add ? C[row * CStride + column] : 0;
                    expected[row * CStride + column] = (float)(Alpha * sum + old);
                }
            ((ReadOnlySpan<float>)found).ShouldBeClose(expected, Tolerance.Float32Sum(_size.Depth + 1),
                $"{path}, {target}, {_size}, transposes {_transposes}");
        }

        int Index(int row, int column, int stride, int flag) => (_transposes & flag) != 0 ? column * stride + row : row * stride + column;

        int StoredRows(int rows, int columns, int flag) => (_transposes & flag) != 0 ? columns : rows;

        int StoredColumns(int rows, int columns, int flag) => (_transposes & flag) != 0 ? rows : columns;

        static float[] Turn(float[] values, int rows, int columns, int stride, int margin)
        {
            var turned = new float[columns * (rows + margin)];
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    turned[column * (rows + margin) + row] = values[row * stride + column];
            return turned;
        }

        static float[] Values(Random random, int rows, int stride) => [.. Enumerable.Range(0, rows * stride).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
