using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Methods;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Threading;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Tensors longer than a stretch: what is made part by part is what is made as a whole.</summary>
public sealed class StretchTests
{
    const int Rows = 5, Columns = 4608;
    const int Count = Rows * Columns;

    /// <summary>Halves of few digits: many magnitudes are equal.</summary>
    static readonly float[] Coarse = [.. Random(1).Select(value => MathF.Round(8 * value) / 8)];

    [Fact]
    public void Values_of_a_stored_tensor_are_the_same_part_by_part_and_at_once()
    {
        foreach (var type in (DType[])[DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_K])
        {
            var stored = Stored(type, Random(2));
            var whole = TensorValues.Of(stored, "t", "model", null).Whole;
            var parts = new float[Count];
            for (var first = 0; first < Count; first += Stretch.Most)
                TensorValues.Of(stored, "t", "model", null).Read(first, parts.AsSpan(first, Math.Min(Stretch.Most, Count - first)));
            parts.ShouldBe(whole, type.ToString());
        }
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(9000), InlineData(Count / 2), InlineData(Count - 1), InlineData(Count)]
    public void A_cut_leaves_as_many_below_as_asked_and_splits_equals_by_their_place(int rank)
    {
        var tensors = Tensors(null, Coarse);
        foreach (var side in (CutSide[])[CutSide.Below, CutSide.Above])
        {
            var order = Enumerable.Range(0, Count).OrderBy(i => Math.Abs(Coarse[i])).ThenBy(i => side == CutSide.Below ? i : -i).ToList();
            var expected = new double[Count];
            foreach (var element in order.Skip(rank))
                expected[element] = 1;

            var cut = new MagnitudeRanks(tensors, 0).At(rank, side);
            double[] kept = [.. Enumerable.Repeat(1.0, Count)];
            tensors.ForStretches(stretch => cut.Clear(CutSide.Below, stretch, 0, kept.AsSpan(stretch.First, stretch.Length)));

            kept.ShouldBe(expected, side.ToString());
        }
    }

    [Fact]
    public void Every_method_makes_the_same_bits_on_one_thread_and_on_three()
    {
        using var team = new ThreadTeam(3);
        foreach (var name in MergeMethods.Names)
        {
            var method = MergeMethods.Find(name)!;
            float[][] sources = [.. Enumerable.Range(3, Math.Min(2, method.MostSources)).Select(Random)];
            var (alone, together) = (new float[Count], new float[Count]);

            method.Run(Tensors(method, null, sources), alone);
            method.Run(Tensors(method, team, sources), together);

            together.ShouldBe(alone, name);
        }
    }

    [Fact]
    public void The_finite_numbers_that_merges_expect_are_looked_for_in_every_part()
    {
        var values = Random(5);
        values[Count - 3] = float.NaN;

        Should.Throw<CheckpointException>(() => Linear(TensorValues.Of(Stored(DType.F32, values), "t", "model", null)))
            .Message.ShouldBe($"Tensor 't' in model holds NaN in row {Rows - 1}, column {Columns - 3}; expected finite numbers.");
    }

    static void Linear(TensorValues values)
    {
        var method = MergeMethods.Find("linear")!;
        method.Run(new MergeTensors
        {
            Name = "t", Shape = new Shape(Rows, Columns), Shared = ParameterValues.Defaults(method.Shared),
            Sources = [new MergeSource(0, values, ParameterValues.Defaults(method.PerSource).Set("weight", 1))],
        }, new float[Count]);
    }

    static MergeTensors Tensors(ThreadTeam? team, float[] values) => new()
    {
        Name = "t", Shape = new Shape(Rows, Columns), Team = team, Sources = [new MergeSource(0, values, ParameterValues.None)],
    };

    static MergeTensors Tensors(IMergeMethod method, ThreadTeam? team, float[][] sources) => new()
    {
        Name = "t", Shape = new Shape(Rows, Columns), Team = team,
        Base = method.Base == BaseUse.None ? null : Random(9),
        Shared = ParameterValues.Defaults(method.Shared).Set("t", 0.3),
        Sources = [.. sources.Select((values, index) => new MergeSource(index, values, ParameterValues.Defaults(method.PerSource).Set("weight", 0.4 + index).Set("density", 0.6)))],
    };

    static Tensor Stored(DType type, float[] values)
    {
        var tensor = Tensor.Zeros(type, Rows, Columns);
        for (var row = 0; row < Rows; row++)
            Quantize(type, values.AsSpan(row * Columns, Columns), tensor.RowSpan(row, 1));
        return tensor;
    }

    // Not every type takes numbers that are none.
    static void Quantize(DType type, ReadOnlySpan<float> row, Span<byte> bytes)
    {
        if (type == DType.F32)
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(row).CopyTo(bytes);
        else
            Quantizer.Run(type, row, bytes);
    }

    static float[] Random(int seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextGaussian())];
    }
}
