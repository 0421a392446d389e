using Brickwork.Kernels.Activations;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>project(gelu(gate(x)) ⊙ the token's row for this layer).</summary>
/// <param name="Gate">[T, D] → [T, P].</param>
/// <param name="Project">[T, P] → [T, D].</param>
/// <param name="Layer">Whose row is taken from what <see cref="PerLayerEmbedding"/> left.</param>
sealed record PerLayerInput(IPart Gate, IPart Project, int Layer) : IPart
{
    public IReadOnlyList<Slot> Slots =>
    [
        new("gate", Gate, part => this with { Gate = part }),
        new("project", Project, part => this with { Project = part }),
    ];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var gate = Gate.Forward(input, context);                                            // [T, P]
        var own = context.ChooseColumns(context.Left(PerLayerEmbedding.Key), Layer * gate.Columns, gate.Columns);
        Activation.Run(context.Compute, ActivationKind.GeluTanh, gate, own, gate);
        return Project.Forward(gate, context);                                              // [T, D]
    }
}
