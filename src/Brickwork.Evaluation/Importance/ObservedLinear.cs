using Brickwork.Models.Conversion;
using Brickwork.Models.Parts;

namespace Brickwork.Evaluation.Importance;

/// <summary>A projection that adds up the squares of what goes into it.</summary>
/// <param name="Inner">What stood in the slot.</param>
/// <param name="Sums">Of the tensor the projection is stored in.</param>
/// <param name="Matrix">Which of that tensor's matrices it is.</param>
sealed record ObservedLinear(Linear Inner, ColumnSums Sums, int Matrix) : IPart
{
    public Tensor Forward(Tensor input, ForwardContext context)
    {
        Add(input);
        return Inner.Forward(input, context);
    }

    /// <summary>Adds rows [T, in].</summary>
    public void Add(Tensor input)
    {
        // The rows of a pass are summed by themselves: added one by one to a sum over a long text, they would be rounded away.
        var own = new float[input.Columns];
        for (var row = 0; row < input.Rows; row++)
        {
            var values = input.Row(row);
            for (var column = 0; column < own.Length; column++)
                own[column] += values[column] * values[column];
        }
        var sums = Sums.Sums.AsSpan(Matrix * own.Length, own.Length);
        for (var column = 0; column < own.Length; column++)
            sums[column] += own[column];
        Sums.Counts[Matrix] += input.Rows;
    }
}
