using System.Collections.Concurrent;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge;

/// <summary>One tensor of one input.</summary>
/// <param name="Model">The number of the model in the recipe.</param>
/// <param name="Stored">Its values.</param>
/// <param name="Parameters">Of the method, for this input and tensor.</param>
sealed record MergeSource(int Model, TensorValues Stored, ParameterValues Parameters)
{
    /// <summary>All values at once, row by row.</summary>
    public float[] Values => Stored.Whole;

    public double Weight => Parameters["weight"];

    /// <summary>How much each value matters to the model's text; null = not measured.</summary>
    public float[]? Importance { get; init; }

    /// <summary>XᵀX of what goes into the tensor; null = not measured.</summary>
    public Matrix? Gram { get; init; }
}

/// <summary>What a method works on: one tensor of every input. Values are F32, sums are double, the result is rounded once.</summary>
sealed class MergeTensors
{
    // Chunks are cut by size alone, and sums of chunks are added in order: results do not depend on threads.
    const int ChunkLength = 1 << 16;

    // Read and given back together: fewer calls of the system than stretches.
    const int StretchesAtOnce = 32;

    readonly ConcurrentBag<Stretch> _free = [];

    public required string Name { get; init; }

    public required Shape Shape { get; init; }

    /// <summary>The origin of differences, or null.</summary>
    public TensorValues? Origin { get; init; }

    /// <summary>All values of the origin at once.</summary>
    public float[]? Base
    {
        get => Origin?.Whole;
        init => Origin = value is null ? null : (TensorValues)value;
    }

    public required IReadOnlyList<MergeSource> Sources { get; init; }

    public ParameterValues Shared { get; init; } = ParameterValues.None;

    public MergeDialect Dialect { get; init; }

    /// <summary>Whether known defects of the tools are reproduced.</summary>
    public bool Strict { get; init; }

    public long Seed { get; init; }

    public ThreadTeam? Team { get; init; }

    public int Count => checked((int)Shape.Count);

    public int Columns => Shape.Columns;

    /// <summary>θ − θ₀ of one element; θ where there is no base.</summary>
    public double Delta(int source, int element) => Sources[source].Values[element] - (double)(Base is null ? 0 : Base[element]);

    public MergeRandom Random(string operation, int source) => new(Seed, operation, Sources[source].Model, Name);

    /// <summary>Runs a loop body over ranges of elements, in parallel; each must touch its own elements only.</summary>
    public void ForRanges(Action<int, int> body) => ForChunks(Count, ChunkLength, body);

    /// <summary>The same over rows.</summary>
    public void ForRows(Action<int, int> body) => ForChunks(Columns == 0 ? 0 : Count / Columns, Math.Max(1, ChunkLength / Math.Max(1, Columns)), body);

    /// <summary>Reads one row of the differences θ − θ₀ of an input.</summary>
    /// <param name="source">The input.</param>
    /// <param name="row">The row.</param>
    /// <param name="values">Memory for θ, [columns].</param>
    /// <param name="origin">Memory for θ₀, [columns].</param>
    /// <returns>θ₀; empty where there is no base.</returns>
    public ReadOnlySpan<float> ReadRow(int source, int row, Span<float> values, Span<float> origin)
    {
        Sources[source].Stored.Read(row * Columns, values);
        Origin?.Read(row * Columns, origin);
        return Origin is null ? [] : origin;
    }

    /// <summary>Runs bodies 0 … count−1 in parallel.</summary>
    public void ForEach(int count, Action<int> body) => ForChunks(count, 1, (first, _) => body(first));

    /// <summary>Runs a body over all stretches, in parallel.</summary>
    public void ForStretches(Action<Stretch> body) => ForChunks(Count, Stretch.Most * StretchesAtOnce, (first, end) =>
    {
        var stretch = Take();
        for (var part = first; part < end; part += Stretch.Most)
        {
            stretch.MoveTo(part, Math.Min(Stretch.Most, end - part));
            body(stretch);
        }
        _free.Add(stretch);
        Release(first, end);
    });

    /// <summary>Makes one stretch of a result.</summary>
    public void Within(int first, Span<float> result, StretchMerge merge)
    {
        var stretch = Take();
        stretch.MoveTo(first, result.Length);
        merge(stretch, result);
        _free.Add(stretch);
    }

    /// <summary>Says that this part of the inputs will not be read soon.</summary>
    public void Release(int first, int end)
    {
        Origin?.Release(first, end - first);
        foreach (var source in Sources)
            source.Stored.Release(first, end - first);
    }

    /// <summary>Several sums over all stretches; a body gives those of a stretch.</summary>
    public double[] SumStretches(int count, Action<Stretch, Span<double>> body)
    {
        var parts = new double[(Count + Stretch.Most - 1) / Stretch.Most * count];
        ForStretches(stretch => body(stretch, parts.AsSpan(stretch.Number * count, count)));
        var sums = new double[count];
        for (var part = 0; part < parts.Length; part++)
            sums[part % count] += parts[part];
        return sums;
    }

    /// <summary>Σ over all elements; a body adds up a range.</summary>
    public double Sum(Func<int, int, double> body)
    {
        var sums = new double[(Count + ChunkLength - 1) / ChunkLength];
        ForRanges((first, end) => sums[first / ChunkLength] = body(first, end));
        var sum = 0.0;
        foreach (var part in sums)
            sum += part;
        return sum;
    }

    public RecipeException Refuse(string method, string why, string nextStep) => new($"Tensor '{Name}' cannot be merged by {method}: {why}", nextStep);

    Stretch Take() => _free.TryTake(out var known) ? known : new Stretch(this);

    void ForChunks(int count, int length, Action<int, int> body)
    {
        var job = new Job(count, length, body);
        var chunks = (int)(((long)count + length - 1) / length);
        if (Team is not null)
            Team.Run(chunks, job);
        else
            for (var chunk = 0; chunk < chunks; chunk++)
                job.Run(chunk);
    }

    readonly struct Job(int count, int length, Action<int, int> body) : IParallelJob
    {
        public void Run(int chunk)
        {
            var first = chunk * length;
            body(first, (int)Math.Min((long)first + length, count));
        }
    }
}
