namespace Brickwork.Models.Parts;

/// <summary>Hidden rows to logits: cap·tanh(s·project(x)/cap), where a family scales or caps.</summary>
/// <param name="Project">[N, D] → [N, V].</param>
sealed record Head(IPart Project) : IPart
{
    /// <summary>s, the factor on the logits.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>The soft cap; 0 = none.</summary>
    public float SoftCap { get; init; }

    public bool HasGradient => true;

    public IReadOnlyList<Slot> Slots => [new("project", Project, part => this with { Project = part })];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var logits = context.Scale(Project.Forward(input, context), Scale);
        if (SoftCap == 0)
            return logits;
        Tensors.Operations.SoftCap.Run(context.Compute, logits, SoftCap);
        if (context.Tape is { } tape)
            Tensors.Operations.SoftCap.Record(tape, logits, SoftCap);
        return logits;
    }
}
