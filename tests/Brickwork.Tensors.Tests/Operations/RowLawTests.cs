using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Tensors.Operations;

namespace Brickwork.Tensors.Tests.Operations;

/// <summary>The law of rows: a row's result does not depend on its company or on the number of threads.</summary>
public sealed class RowLawTests
{
    const int RowCount = 37;
    const int Columns = 1001;

    delegate void Operation(Compute compute, Tensor x, Tensor y, int firstPosition);

    static readonly Tensor Gain = Random(50, 1, Columns);
    static readonly Tensor Kernel = Random(51, Columns, 4);
    static readonly RopeTable Angles = new(new RopeOptions { Width = 20, Style = RopeStyle.AdjacentPairs });

    static readonly Dictionary<string, Operation> Operations = new()
    {
        ["add"] = (compute, x, y, _) => Add.Run(compute, y, x),
        ["add row"] = (compute, x, y, _) => { Copy(x, y); AddRow.Run(compute, y, Gain); },
        ["add scaled"] = (compute, x, y, _) => AddScaled.Run(compute, y, x, 0.7f),
        ["multiply"] = (compute, x, y, _) => { Copy(x, y); Multiply.Run(compute, y, x); },
        ["multiply row"] = (compute, x, y, _) => { Copy(x, y); Multiply.Run(compute, y, Gain); },
        ["scale"] = (compute, x, y, _) => { Copy(x, y); Scale.Run(compute, y, 0.7f); },
        ["soft cap"] = (compute, x, y, _) => { Copy(x, y); SoftCap.Run(compute, y, 2); },
        ["rms norm"] = (compute, x, y, _) => RmsNorm.Run(compute, x, Gain, 1e-5f, y),
        ["layer norm"] = (compute, x, y, _) => LayerNorm.Run(compute, x, Gain, Gain, 1e-5f, y),
        ["group norm"] = (compute, x, y, _) => LayerNorm.RunGroups(compute, x, 7, Gain, null, 1e-5f, y),
        ["length"] = (compute, x, y, _) => L2Normalize.Run(compute, x, 1e-6f, y),
        ["softmax"] = (compute, x, y, _) => Softmax.Run(compute, x, y),
        ["activation"] = (compute, x, y, _) => Activation.Run(compute, ActivationKind.GeluErf, x, x, y),
        ["rope"] = (compute, x, y, first) =>
        {
            Copy(x, y);
            Rope.Run(compute, y, Enumerable.Range(first, x.Rows).ToArray(), Angles, 7, Columns / 7);
        },
    };

    public static TheoryData<string, InstructionSet> Cases()
    {
        var cases = new TheoryData<string, InstructionSet>();
        foreach (var name in Operations.Keys)
            foreach (var path in InstructionSets.Supported)
                cases.Add(name, path);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_row_alone_gives_the_bits_it_gives_among_others_on_any_number_of_threads(string name, InstructionSet path)
    {
        var x = Random(1, RowCount, Columns);
        using var one = new Compute(1, path);
        var alone = Tensor.Zeros(RowCount, Columns);
        for (var row = 0; row < RowCount; row++)
            Operations[name](one, x.SliceRows(row, 1), alone.SliceRows(row, 1), row);
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var compute = new Compute(threads, path);
            var together = Tensor.Zeros(RowCount, Columns);
            Operations[name](compute, x, together, 0);
            together.Floats.SequenceEqual(alone.Floats).ShouldBeTrue();
        }
        alone.Floats.ToArray().ShouldAllBe(value => float.IsFinite(value));
        alone.Floats.ToArray().Distinct().Count().ShouldBeGreaterThan(1000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(RowCount)]
    public void A_convolution_in_pieces_gives_the_bits_of_the_whole(int piece)
    {
        var x = Random(2, RowCount, Columns);
        var (whole, pieces) = (Tensor.Zeros(RowCount, Columns), Tensor.Zeros(RowCount, Columns));
        using var compute = new Compute(2);
        CausalConvolution.Run(compute, x, Kernel, Gain, Tensor.Zeros(3, Columns), whole);
        var state = Tensor.Zeros(3, Columns);
        for (var row = 0; row < RowCount; row += piece)
        {
            var rows = Math.Min(piece, RowCount - row);
            CausalConvolution.Run(compute, x.SliceRows(row, rows), Kernel, Gain, state, pieces.SliceRows(row, rows));
        }
        pieces.Floats.SequenceEqual(whole.Floats).ShouldBeTrue();
        state.Floats.SequenceEqual(x.SliceRows(RowCount - 3, 3).Floats).ShouldBeTrue();
    }

    [Fact]
    public void A_convolution_weighs_the_rows_before_and_the_row_itself()
    {
        using var compute = new Compute(1, InstructionSet.Reference);
        var y = Tensor.Zeros(3, 1);
        var x = Tensor.From([1, 2, 3], 3, 1);
        CausalConvolution.Run(compute, x, Tensor.From([10, 1], 1, 2), Tensor.From([0.5f], 1), Tensor.From([7], 1, 1), y);
        y.Floats.ToArray().ShouldBe([71.5f, 12.5f, 23.5f]);
    }

    [Fact]
    public void Joined_gate_and_up_give_what_separate_ones_give()
    {
        using var compute = new Compute(2);
        var joined = Random(3, RowCount, 2 * Columns);
        var (gate, up) = (Tensor.Zeros(RowCount, Columns), Tensor.Zeros(RowCount, Columns));
        for (var row = 0; row < RowCount; row++)
        {
            joined.Row(row)[..Columns].CopyTo(gate.Row(row));
            joined.Row(row)[Columns..].CopyTo(up.Row(row));
        }
        var y = Tensor.Zeros(RowCount, Columns);
        Activation.RunJoined(compute, ActivationKind.Silu, joined, y);
        Activation.Run(compute, ActivationKind.Silu, gate, up, gate);
        y.Floats.SequenceEqual(gate.Floats).ShouldBeTrue();
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_refused()
    {
        using var compute = new Compute(1);
        var (x, narrow) = (Tensor.Zeros(2, 8), Tensor.Zeros(2, 7));
        Should.Throw<ArgumentException>(() => Add.Run(compute, x, narrow));
        Should.Throw<ArgumentException>(() => RmsNorm.Run(compute, x, Tensor.Zeros(7), 1e-5f, x));
        Should.Throw<ArgumentException>(() => LayerNorm.RunGroups(compute, x, 3, null, null, 1e-5f, x));
        Should.Throw<ArgumentException>(() => Rope.Run(compute, x, new int[2], Angles, 1, 8));
    }

    static Tensor Random(int seed, int rows, int columns)
    {
        var random = new Random(seed);
        return Tensor.From([.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextDouble() * 4 - 2)], rows, columns);
    }

    static void Copy(in Tensor from, in Tensor to) => from.Floats.CopyTo(to.Floats);
}
