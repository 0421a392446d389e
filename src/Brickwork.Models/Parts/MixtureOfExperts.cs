using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>Each row goes through the experts its router chooses; their outputs add up by weight (Shazeer et al. 2017).</summary>
/// <remarks>T rows, D width, E experts, U experts used by a row.</remarks>
sealed record MixtureOfExperts : IPart
{
    /// <summary>[T, D] → [T, E].</summary>
    public required IPart Router { get; init; }

    /// <summary>[N, D] → [N, D] each.</summary>
    public required IReadOnlyList<IPart> Experts { get; init; }

    public required ExpertRouting Routing { get; init; }

    /// <summary>Norm of what the experts see, where the router sees the rows as they are; null = both see the same.</summary>
    public IPart? ExpertNorm { get; init; }

    /// <summary>An expert that every row uses; null = none.</summary>
    public IPart? Shared { get; init; }

    /// <summary>[T, D] → [T, 1], whose sigmoid weighs the shared expert; null = weight 1.</summary>
    public IPart? SharedGate { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("router", Router, part => this with { Router = part }),
        .. Slot.Each("experts", Experts, parts => this with { Experts = parts }),
        .. Slot.Optional("expertNorm", ExpertNorm, part => this with { ExpertNorm = part }),
        .. Slot.Optional("shared", Shared, part => this with { Shared = part }),
        .. Slot.Optional("sharedGate", SharedGate, part => this with { SharedGate = part }),
    ];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = context.Take(input.Rows, input.Columns);               // [T, D]
        using var scope = context.Arena.Mark();
        var chosen = new ExpertChoice(Routing, Router.Forward(input, context), context);
        var each = RunExperts(ExpertNorm?.Forward(input, context) ?? input, chosen, context);                      // [T*U, D]
        AddUp(each, chosen, output);
        if (Shared is not null)
            AddShared(input, output, context);
        return output;
    }

    /// <summary>Runs every expert once, over all rows that chose it; output row t·U + r belongs to rank r of row t.</summary>
    Tensor RunExperts(Tensor input, ExpertChoice chosen, ForwardContext context)
    {
        var each = context.Take(input.Rows * Routing.Used, input.Columns);
        for (var expert = 0; expert < Experts.Count; expert++)
        {
            var places = chosen.PlacesOf(expert);
            if (places.Length == 0)
                continue;
            using var scope = context.Arena.Mark();
            using var here = context.ChooseBricks(places, Routing.Used);
            var rows = context.Take(places.Length, input.Columns);
            for (var row = 0; row < places.Length; row++)
                input.Row(places[row] / Routing.Used).CopyTo(rows.Row(row));
            if (Routing.WeightsInput)
                Weigh(rows, chosen.Weights, places);
            var result = Experts[expert].Forward(rows, context);
            for (var row = 0; row < places.Length; row++)
                result.Row(row).CopyTo(each.Row(places[row]));
        }
        return each;
    }

    static void Weigh(Tensor rows, ReadOnlySpan<float> weights, ReadOnlySpan<int> places)
    {
        for (var row = 0; row < places.Length; row++)
            foreach (ref var value in rows.Row(row))
                value *= weights[places[row]];
    }

    /// <summary>Sums by rank, so that a row's sum does not depend on the other rows of the pass.</summary>
    void AddUp(Tensor each, ExpertChoice chosen, Tensor output)
    {
        for (var row = 0; row < output.Rows; row++)
        {
            var sum = output.Row(row);
            sum.Clear();
            for (var rank = 0; rank < Routing.Used; rank++)
            {
                var weight = Routing.WeightsInput ? 1 : chosen.WeightsOf(row)[rank];
                var values = each.Row(row * Routing.Used + rank);
                for (var column = 0; column < sum.Length; column++)
                    sum[column] += weight * values[column];
            }
        }
    }

    void AddShared(Tensor input, Tensor output, ForwardContext context)
    {
        var shared = Shared!.Forward(input, context);
        if (SharedGate?.Forward(input, context) is { } gate)
            for (var row = 0; row < shared.Rows; row++)
            {
                var weight = 1 / (1 + MathF.Exp(-gate.Row(row)[0]));
                foreach (ref var value in shared.Row(row))
                    value *= weight;
            }
        Add.Run(context.Compute, output, shared);
    }
}
