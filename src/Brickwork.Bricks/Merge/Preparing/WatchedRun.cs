using Brickwork.Models.Parts;
using Brickwork.Models.Slots;

namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>A part that shows somebody what goes into it.</summary>
/// <param name="Inner">What stood in the slot.</param>
/// <param name="See">Gets rows [T, in], which are gone after it.</param>
sealed record Watched(IPart Inner, Action<Tensor> See) : IPart
{
    public Tensor Forward(Tensor input, ForwardContext context)
    {
        See(input);
        return Inner.Forward(input, context);
    }
}

/// <summary>Runs a model over texts while somebody looks at what goes into its projections or layers.</summary>
static class WatchedRun
{
    /// <param name="model">The model.</param>
    /// <param name="windows">Each is a text by itself.</param>
    /// <param name="watch">Who looks at the projection made of a whole tensor; null = nobody.</param>
    /// <param name="cancellation">Looked at before every window.</param>
    public static void OverProjections(LanguageModel model, IReadOnlyList<int[]> windows, Func<string, Action<Tensor>?> watch, CancellationToken cancellation) =>
        Run(model, (Decoder)PartTree.Rewrite(model.Decoder, part =>
            part is Linear { Origin: { FirstRow: 0 } origin } && watch(origin.Tensor) is { } see ? new Watched(part, see) : part), windows, cancellation);

    /// <summary>The same for layers.</summary>
    public static void OverLayers(LanguageModel model, IReadOnlyList<int[]> windows, Func<int, Action<Tensor>> watch, CancellationToken cancellation) =>
        Run(model, model.Decoder with { Layers = [.. model.Decoder.Layers.Select((layer, index) => new Watched(layer, watch(index)))] }, windows, cancellation);

    static void Run(LanguageModel model, Decoder decoder, IReadOnlyList<int[]> windows, CancellationToken cancellation)
    {
        using var watched = model.With(decoder);
        // The head is as large as many layers, and nobody looks at what it gives. Who looks sees a window as a whole.
        using var runner = watched.CreateRunner(new RunnerOptions { Output = RunnerOutput.Hidden, ChunkRows = windows.Select(window => window.Length).DefaultIfEmpty(1).Max() });
        var batch = new Batch();
        foreach (var window in windows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var sequence = runner.StartSequence();
            batch.Clear();
            batch.Add(sequence, window, LogitRows.Last);
            runner.Forward(batch);
        }
    }
}
