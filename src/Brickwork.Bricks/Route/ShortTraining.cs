namespace Brickwork;

/// <summary>How gates or a fusion are trained.</summary>
public sealed record ShortTraining
{
    /// <summary>Steps, each over one batch.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>How far a step goes (AdamW without decay).</summary>
    public float Rate { get; init; } = 5e-3f;

    /// <summary>Whether layers are computed again for their gradients instead of remembered: less memory, a third more arithmetic, the same bits.</summary>
    public bool ReplaysLayers { get; init; }

    /// <summary>Whether the bricks may have been made for a model of another hash, such as the same one before it was quantized.</summary>
    public bool AnyParent { get; init; }

    internal TrainableOptions Trainable => new() { ReplaysLayers = ReplaysLayers };

    /// <summary>Trains on batches in turns.</summary>
    internal void Run(TrainableModel trainable, IReadOnlyList<TokenBatch> batches, IProgress<int>? done, CancellationToken cancellation)
    {
        if (batches.Count == 0)
            throw new RecipeException("There are no texts to train on.", "Give some: --examples FILE");
        var optimizer = (GradientOptimizer)Optimizer.Create(new AdamWOptions { WeightDecay = 0 }, trainable.Model.Compute, trainable.Parameters);
        for (var step = 0; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = batches[step % batches.Count];
            trainable.ClearGradients();
            trainable.Accumulate(batch, 1f / batch.Scored);
            optimizer.Advance(step, Rate);
            done?.Report(step + 1);
        }
    }
}
