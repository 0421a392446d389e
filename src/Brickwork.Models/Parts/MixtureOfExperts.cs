using Brickwork.Kernels.Activations;

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

    public bool HasGradient => true;

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = context.Take(input.Rows, input.Columns);               // [T, D]
        using var scope = context.Mark();
        var chosen = new ExpertChoice(Routing, Router.Forward(input, context), context);
        var each = RunExperts(ExpertNorm?.Forward(input, context) ?? input, chosen, context);                      // [T*U, D]
        // Sums go by rank, so that a row's sum does not depend on the other rows of the pass.
        context.AddUp(each, Routing.WeightsInput ? null : chosen.Weights, output);
        return Shared is null ? output : context.AddTo(output, RunShared(input, context));
    }

    /// <summary>Runs every expert once, over all rows that chose it; output row t·U + r belongs to rank r of row t.</summary>
    Tensor RunExperts(Tensor input, ExpertChoice chosen, ForwardContext context)
    {
        var each = context.Take(input.Rows * Routing.Used, input.Columns);
        var weights = chosen.Weights.Reshape(each.Rows, 1);
        for (var expert = 0; expert < Experts.Count; expert++)
        {
            var places = chosen.PlacesOf(expert);
            if (places.Length == 0)
                continue;
            using var scope = context.Mark();
            using var here = context.ChooseBricks(places, Routing.Used);
            var from = context.TakeIntegers(places.Length);
            for (var index = 0; index < places.Length; index++)
                from[index] = places[index] / Routing.Used;
            var rows = context.Choose(input, from);
            if (Routing.WeightsInput)
                rows = context.AddUp(rows, context.Choose(weights, places), context.Take(rows.Rows, rows.Columns));
            context.Place(Experts[expert].Forward(rows, context), places, each);
        }
        return each;
    }

    Tensor RunShared(Tensor input, ForwardContext context)
    {
        var shared = Shared!.Forward(input, context);
        return SharedGate?.Forward(input, context) is { } gate
            ? context.AddUp(shared, context.Activate(ActivationKind.Sigmoid, gate), context.Take(shared.Rows, shared.Columns))
            : shared;
    }
}
