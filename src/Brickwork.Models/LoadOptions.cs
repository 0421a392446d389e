namespace Brickwork;

/// <summary>How to load a model.</summary>
public sealed record LoadOptions
{
    /// <summary>
    /// The most threads that work, up to <see cref="Compute.MostThreads"/>; null = one per processor. How many a small step is worth is measured.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>The kernel path; null = what the environment asks for, or else the fastest.</summary>
    public InstructionSet? InstructionSet { get; init; }

    /// <summary>Whether activations may be rounded to 8 bits where that is faster.</summary>
    public Precision Precision { get; init; } = Precision.Fast;

    /// <summary>Tokens the model is to see at once; null = what it was trained for. Some families choose their position scaling by it.</summary>
    public int? Context { get; init; }

    /// <summary>A tokenizer file for checkpoints without one (llama2.c).</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>A file for quantized weights in the layout in which they multiply; null = they are laid out in memory at every start.</summary>
    public RepackCache? RepackCache { get; init; }
}

/// <summary>What a runner returns for a row.</summary>
public enum RunnerOutput
{
    /// <summary>The logits of the next token, [V].</summary>
    Logits,

    /// <summary>The hidden values before the head, [D].</summary>
    Hidden,
}

/// <summary>How to run a model.</summary>
public sealed record RunnerOptions
{
    /// <summary>Which plugged bricks work, and how strongly; null = each as strongly as it was plugged. A sequence may say otherwise.</summary>
    public BrickStrengths? Bricks { get; init; }

    /// <summary>How keys and values are stored.</summary>
    public CacheType CacheType { get; init; } = CacheType.F16;

    /// <summary>Which keys and values are given up when there are too many; null = none.</summary>
    public EvictionPolicy? Eviction { get; init; }

    /// <summary>Tokens a sequence may hold; null = the model's context, or as much of it as memory allows. What is given must fit.</summary>
    public int? Context { get; init; }

    /// <summary>What <see cref="ModelRunner.Forward(Batch)"/> returns; models without a head always give hidden values.</summary>
    public RunnerOutput Output { get; init; } = RunnerOutput.Logits;

    /// <summary>Bytes that keys and values of all sequences may take; null = what the weights leave of this machine's, or half of it where they leave less.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>Rows computed at once; longer prompts are cut into chunks of this size, which changes no bit of the result.</summary>
    public int ChunkRows { get; init; } = 512;
}
