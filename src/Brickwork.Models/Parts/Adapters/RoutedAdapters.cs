using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>The parts of several bricks in one slot, of which a router chooses some for every row: y + Σ p(b, x)·Δ_b(x).</summary>
/// <remarks>A row is changed by brick after brick, bit for bit as if each were plugged with the row's weight as its strength.</remarks>
/// <param name="Brick">The id of the route.</param>
/// <param name="Base">What stood in the slot.</param>
sealed record RoutedAdapters(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    /// <summary>The slot under the name it has without bricks.</summary>
    public required SlotPath Slot { get; init; }

    public required IRouter Router { get; init; }

    public required RouteRule Rule { get; init; }

    /// <summary>The parts, each with the place of its brick among those the router scores. What they stand around plays no role.</summary>
    public required IReadOnlyList<(int Index, OutputAdapter Part)> Members { get; init; }

    public override bool HasGradient => false;

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        var weights = Weigh(input, context);                                    // [T, B]
        if (input.Rows <= LowRankSums.MostRows && context.Rows.Lengths is null && TryCollect(weights, strength, output, context))
        {
            LowRankSums.Run(context.Compute, input, context.LowRankTerms);
            return output;
        }
        var strengths = context.Take(1, input.Rows).Row(0);
        for (var member = 0; member < Members.Count; member++)
        {
            var (index, part) = Members[member];
            for (var row = 0; row < strengths.Length; row++)
                strengths[row] = strength * part.Strength * weights.Row(row)[index];
            part.ChangeRows(input, output, strengths, context);
        }
        return output;
    }

    /// <summary>Lists what each brick does with each row, to be done at once; gives up where one is no LoRA.</summary>
    bool TryCollect(Tensor weights, float strength, Tensor output, ForwardContext context)
    {
        context.LowRankTerms.Clear();
        for (var member = 0; member < Members.Count; member++)
        {
            if (Members[member].Part is not LoraLinear part)
                return false;
            for (var row = 0; row < weights.Rows; row++)
                part.TryAdd(output, row, 1, strength * part.Strength * weights.Row(row)[Members[member].Index], context, context.LowRankTerms);
        }
        return true;
    }

    Tensor Weigh(Tensor input, ForwardContext context)
    {
        var weights = context.Take(input.Rows, Router.Bricks.Count);
        Router.Score(Slot, input, context.Compute, weights);
        for (var row = 0; row < weights.Rows; row++)
        {
            var scores = weights.Row(row);
            // A brick without a part here is no choice here.
            for (var index = 0; index < scores.Length; index++)
                if (!Stands(index))
                    scores[index] = float.NegativeInfinity;
            Rule.Weigh(scores);
        }
        return weights;
    }

    bool Stands(int index)
    {
        for (var member = 0; member < Members.Count; member++)
            if (Members[member].Index == index)
                return true;
        return false;
    }
}
