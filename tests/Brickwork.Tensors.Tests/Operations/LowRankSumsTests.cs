using Brickwork.Kernels.Blocks;
using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Tensors.Tests.Operations;

/// <summary>Low-rank changes of rows, all in two steps, against the products they are made of.</summary>
public sealed class LowRankSumsTests
{
    [Theory]
    [ClassData(typeof(EveryInstructionSet))]
    public void Terms_add_what_their_products_add_one_after_the_other_bit_for_bit(InstructionSet path)
    {
        using var compute = new Compute(3, path);
        var (x, y, other) = (Draw(1, 7, 70), Draw(2, 7, 530), Draw(6, 7, 40));
        // Ranks and types mixed; one row under two terms, one under none; two outputs.
        List<LowRankTerm> terms = [Term(y, 3, 0, 2, 16, 1), Term(y, 4, 1, 1, 5, 0.5f, DType.BF16), Term(y, 5, 3, 4, 33, -2), Term(other, 7, 0, 1, 8, 1), Term(other, 8, 2, 5, 16, 3, DType.F16)];
        List<(Tensor Changed, Tensor Sum)> expected = [(y, Tensor.From(y.Floats, 7, 530)), (other, Tensor.From(other.Floats, 7, 40))];
        foreach (var term in terms)
        {
            var rows = term.Low.Rows;
            var (low, change) = (Tensor.Zeros(rows, term.Down.Rows), Tensor.Zeros(rows, term.Output.Columns));
            MatMul.Run(compute, x.SliceRows(term.First, rows), term.Down, low);
            Scale.Run(compute, low, term.Factor);
            MatMul.Run(compute, low, term.Up, change);
            Add.Run(compute, expected.Single(pair => pair.Changed.IsSameAs(term.Output)).Sum.SliceRows(term.First, rows), change);
        }

        LowRankSums.Run(compute, x, terms);

        foreach (var (changed, sum) in expected)
            changed.Floats.ToArray().ShouldBe(sum.Floats.ToArray());
    }

    static LowRankTerm Term(Tensor output, int seed, int first, int rows, int rank, float factor, DType type = DType.F32) =>
        new(output, first, Stored(Draw(seed, rank, 70), type), Stored(Draw(seed + 10, output.Columns, rank), type), factor, Tensor.Zeros(rows, rank));

    static Tensor Stored(Tensor values, DType type)
    {
        var stored = Tensor.Zeros(type, values.Shape);
        for (var row = 0; row < values.Rows; row++)
            Quantizer.Run(type, values.Row(row), stored.RowSpan(row, 1));
        return stored;
    }

    static Tensor Draw(int seed, int rows, int columns)
    {
        var random = new SeededRandom(seed);
        var tensor = Tensor.Zeros(rows, columns);
        foreach (ref var value in tensor.Floats)
            value = (float)random.NextGaussian();
        return tensor;
    }
}
