namespace Brickwork.Models.Training;

/// <summary>What a model is trained for.</summary>
interface IObjective
{
    /// <summary>Looks at a batch before its rows come, chunk by chunk.</summary>
    void Begin(TokenBatch batch);

    /// <summary>Compares the logits of some rows with what they should be.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="firstRow">The number of the first row among the scored rows of the batch.</param>
    /// <param name="logits">[N, V]; the gradient takes its place, times <paramref name="scale"/>, unless that is null.</param>
    /// <param name="targets">[N].</param>
    /// <param name="scale">The factor on the gradient; null = only the loss is wanted.</param>
    /// <returns>The sum of the losses in nats.</returns>
    double Run(Compute compute, int firstRow, Tensor logits, ReadOnlySpan<int> targets, float? scale);
}
