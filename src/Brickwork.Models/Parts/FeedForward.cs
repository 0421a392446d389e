using Brickwork.Kernels.Activations;
using Brickwork.Tensors.Weights;

namespace Brickwork.Models.Parts;

/// <summary>down(act(gate(x)) ⊙ up(x)), or down(act(up(x))) where there is no gate (Shazeer 2020).</summary>
sealed record FeedForward : IPart
{
    /// <summary>[T, D] → [T, F]; null = the activation works on <see cref="Up"/>.</summary>
    public IPart? Gate { get; init; }

    /// <summary>[T, D] → [T, F].</summary>
    public required IPart Up { get; init; }

    /// <summary>[T, F] → [T, D].</summary>
    public required IPart Down { get; init; }

    public required ActivationKind Activation { get; init; }

    public bool HasGradient => true;

    public IReadOnlyList<Slot> Slots =>
    [
        .. Slot.Optional("gate", Gate, part => this with { Gate = part }),
        new("up", Up, part => this with { Up = part }),
        new("down", Down, part => this with { Down = part }),
    ];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        using (context.Share(input))
        {
            if (context.Rows.Lengths is null && RunTogether(input, context) is { } rows)
            {
                using var rounded = context.Share(rows);
                return Down.Forward(rows.Values, context);              // [T, D]
            }
            var up = Up.Forward(input, context);                        // [T, F]
            var gate = Gate?.Forward(input, context) ?? up;             // [T, F]
            return Down.Forward(context.Activate(Activation, gate, Gate is null ? null : up), context);        // [T, D]
        }
    }

    /// <summary>Gate, up and activation in one go, where both are plain products.</summary>
    ActivationRows? RunTogether(Tensor input, ForwardContext context) =>
        Gate is Linear { IsPlain: true } gate && Up is Linear { IsPlain: true } up
            ? JointProducts.TryRunGated(context.Compute, context.Activations(input), gate.Weight, up.Weight, Activation, context.Arena)
            : null;
}
