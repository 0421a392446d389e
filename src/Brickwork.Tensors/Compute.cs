using System.Diagnostics;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Storage;

namespace Brickwork;

/// <summary>Whether a matrix product may round its activations to 8-bit blocks.</summary>
public enum Precision
{
    /// <summary>Activations become 8-bit blocks where that is faster.</summary>
    Fast,

    /// <summary>Every product is computed in F32 on dequantized weights.</summary>
    Exact,
}

/// <summary>What a model computes with: threads, kernel path, precision. Results do not depend on the number of threads.</summary>
public sealed class Compute : IDisposable
{
    /// <summary>The most threads that work; asking for more gives this many.</summary>
    public const int MostThreads = 256;

    const int TrialsPerSecond = 40;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">At least 1, at most <see cref="MostThreads"/> of which work; null = one per processor.</param>
    /// <param name="instructionSet">null = what the environment asks for, or else the fastest.</param>
    /// <param name="precision">Whether activations may be rounded.</param>
    public Compute(int? threads = null, InstructionSet? instructionSet = null, Precision precision = Precision.Fast)
    {
        if (threads is < 1)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "At least one thread must work.");
        Team = new ThreadTeam(Math.Min(threads ?? Environment.ProcessorCount, MostThreads));
        Pace = new ThreadPace(Team.Threads, Stopwatch.Frequency / TrialsPerSecond);
        InstructionSet = instructionSet ?? InstructionSets.Default;
        Precision = precision;
    }

    /// <summary>The kernel path.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>Whether activations may be rounded.</summary>
    public Precision Precision { get; }

    /// <summary>How many threads work.</summary>
    public int Threads => Team.Threads;

    internal ThreadTeam Team { get; }

    /// <summary>How many of the threads a step is worth.</summary>
    internal ThreadPace Pace { get; }

    /// <summary>Where weights that are laid out anew live.</summary>
    internal PackedMemory PackedMemory { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => Team.Dispose();
}
