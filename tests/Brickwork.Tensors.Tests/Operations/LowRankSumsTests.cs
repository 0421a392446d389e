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
        var (x, y) = (Draw(1, 7, 70), Draw(2, 7, 530));
        // Ranks mixed; one row under two terms, one under none.
        List<LowRankTerm> terms = [Term(3, 0, 2, 16, 1), Term(4, 1, 1, 5, 0.5f), Term(5, 3, 4, 33, -2)];
        var expected = Tensor.From(y.Floats, 7, 530);
        foreach (var term in terms)
        {
            var rows = term.Low.Rows;
            var (low, change) = (Tensor.Zeros(rows, term.Down.Rows), Tensor.Zeros(rows, 530));
            MatMul.Run(compute, x.SliceRows(term.First, rows), term.Down, low);
            Scale.Run(compute, low, term.Factor);
            MatMul.Run(compute, low, term.Up, change);
            Add.Run(compute, expected.SliceRows(term.First, rows), change);
        }

        LowRankSums.Run(compute, x, terms, y);

        y.Floats.ToArray().ShouldBe(expected.Floats.ToArray());
    }

    static LowRankTerm Term(int seed, int first, int rows, int rank, float factor) =>
        new(first, Draw(seed, rank, 70), Draw(seed + 10, 530, rank), factor, Tensor.Zeros(rows, rank));

    static Tensor Draw(int seed, int rows, int columns)
    {
        var random = new SeededRandom(seed);
        var tensor = Tensor.Zeros(rows, columns);
        foreach (ref var value in tensor.Floats)
            value = (float)random.NextGaussian();
        return tensor;
    }
}
