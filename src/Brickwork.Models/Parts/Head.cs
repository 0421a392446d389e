namespace Brickwork.Models.Parts;

/// <summary>Hidden rows to logits: cap·tanh(s·project(x)/cap), where a family scales or caps.</summary>
/// <param name="Project">[N, D] → [N, V].</param>
sealed record Head(IPart Project) : IPart
{
    /// <summary>s, the factor on the logits.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>The soft cap; 0 = none.</summary>
    public float SoftCap { get; init; }

    public IReadOnlyList<Slot> Slots => [new("project", Project, part => this with { Project = part })];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var logits = Project.Forward(input, context);
        if (Scale != 1)
            Tensors.Operations.Scale.Run(context.Compute, logits, Scale);
        if (SoftCap != 0)
            Tensors.Operations.SoftCap.Run(context.Compute, logits, SoftCap);
        return logits;
    }
}
