using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Tests.Autograd;

public sealed class TensorRangesTests
{
    [Fact]
    public void A_matrix_is_known_as_a_whole_even_where_a_part_of_it_was_known_before()
    {
        var matrix = Tensor.Zeros(6, 4);
        foreach (var known in (Tensor[])[matrix.SliceRows(0, 2), matrix.SliceRows(2, 1)])
        {
            var ranges = new TensorRanges();
            ranges.Add(known);

            ranges.Add(matrix);

            foreach (var row in Enumerable.Range(0, 6))
                ranges.Contains(matrix.SliceRows(row, 1)).ShouldBeTrue();
        }
    }

    [Fact]
    public void Going_back_forgets_what_was_new_and_nothing_else()
    {
        var (matrix, other) = (Tensor.Zeros(6, 4), Tensor.Zeros(6, 4));
        var ranges = new TensorRanges();
        ranges.Add(matrix.SliceRows(1, 2));
        var before = ranges.Count;

        ranges.Add(matrix);
        ranges.Add(other);
        ranges.Truncate(before);

        Enumerable.Range(0, 6).Where(row => ranges.Contains(matrix.SliceRows(row, 1))).ShouldBe([1, 2]);
        ranges.Contains(other).ShouldBeFalse();
        ranges.Count.ShouldBe(before);
    }
}
