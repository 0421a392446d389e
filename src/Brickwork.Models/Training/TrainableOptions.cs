namespace Brickwork;

/// <summary>How a model is made ready for training.</summary>
public sealed record TrainableOptions
{
    /// <summary>The most threads that work; null = one per processor. Results do not depend on it.</summary>
    public int? Threads { get; init; }

    /// <summary>The kernel path; null = what the environment asks for, or else the fastest.</summary>
    public InstructionSet? InstructionSet { get; init; }

    /// <summary>Which tensors are trained, by name; the others stay as they are stored. By default all.</summary>
    public Predicate<string> Trains { get; init; } = _ => true;

    /// <summary>Whether layers are computed again for their gradients instead of remembered: less memory, a third more arithmetic.</summary>
    public bool ReplaysLayers { get; init; }

    /// <summary>Rows whose logits are in memory at once.</summary>
    public int LogitRows { get; init; } = 512;
}
