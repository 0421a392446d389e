namespace Brickwork;

/// <summary>What to do where a folder holds a training already.</summary>
public enum ExistingTraining
{
    /// <summary>Raise an error and leave it as it is.</summary>
    Refuse,

    /// <summary>Go on from its newest sound checkpoint; the plan and the texts must be the same.</summary>
    Resume,

    /// <summary>The same, even where the plan differs.</summary>
    ResumeChanged,

    /// <summary>Begin anew, over it.</summary>
    Replace,
}

/// <summary>Where and with what a training runs; nothing here changes a weight.</summary>
public sealed record TrainerOptions
{
    /// <summary>The folder for checkpoints, metrics and the finished model.</summary>
    public required string Folder { get; init; }

    /// <summary>What to do where it holds a training already.</summary>
    public ExistingTraining Existing { get; init; }

    /// <summary>The most threads that work; null = one per processor.</summary>
    public int? Threads { get; init; }

    /// <summary>The kernel path; null = what the environment asks for, or else the fastest.</summary>
    public InstructionSet? InstructionSet { get; init; }

    /// <summary>10^9 F32 operations per second that the threads could do at best, to state a share of; null = unknown.</summary>
    public double? PeakGigaflops { get; init; }

    /// <summary>Bytes the training may take; null = what this machine has.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>What the log of the result says was done; null = this training.</summary>
    internal LoggedOperation? Operation { get; init; }

    /// <summary>Told what a user should know although training goes on.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>The clock that rates are measured by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
