using Brickwork.Models.Parts;
using Brickwork.Models.Slots;

namespace Brickwork.Models.Panels;

/// <summary>Lays a model's weights out and compiles its kernels before they are asked for. Disposing it ends what is under way.</summary>
sealed class Preparation(LanguageModel model) : IDisposable
{
    // Enough rows for the kernels that read prompts.
    const int WarmUpRows = 17;

    readonly Lock _gate = new();
    readonly CancellationTokenSource _stop = new();
    readonly List<Task> _running = [];
    bool _disposed;

    /// <summary>The projections whose weights have a layout of their own, each matrix once, in the order in which a pass uses them.</summary>
    public static IReadOnlyList<Linear> Projections(Decoder decoder, Compute compute) =>
        [.. PartTree.Walk(decoder).Select(slot => slot.Part).OfType<Linear>().DistinctBy(linear => linear.Weight).Where(linear => linear.Weight.PanelBytes(compute) > 0)];

    /// <summary>Prepares everything, with all threads.</summary>
    public void Run(IProgress<PreparationProgress>? progress, CancellationToken cancellation) => Run(model, progress, cancellation);

    /// <summary>Prepares everything on one thread of its own, so that the others are free for who comes meanwhile.</summary>
    public Task Start(CancellationToken cancellation)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var task = RunAlone(cancellation);
            _running.RemoveAll(earlier => earlier.IsCompleted);
            _running.Add(task);
            return task;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        _stop.Cancel();
        try
        {
            Task.WaitAll(_running);
        }
        catch (AggregateException)
        {
            // How a task ended is for whoever started it.
        }
        _stop.Dispose();
    }

    async Task RunAlone(CancellationToken cancellation)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellation);
        // The team is for passes; whoever has one thread packs into memory of its own, which lives as long as its pieces.
        using var alone = model.On(new Compute(1, model.Compute.InstructionSet, model.Compute.Precision));
        await Task.Factory.StartNew(
            () => Run(alone, null, linked.Token), linked.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    static void Run(LanguageModel by, IProgress<PreparationProgress>? progress, CancellationToken cancellation)
    {
        var projections = Projections(by.Decoder, by.Compute);
        var (done, total) = (0L, projections.Sum(linear => linear.Weight.PanelBytes(by.Compute)));
        foreach (var linear in projections)
        {
            cancellation.ThrowIfCancellationRequested();
            linear.Weight.Prepare(by.Compute);
            done += linear.Weight.PanelBytes(by.Compute);
            progress?.Report(new PreparationProgress(done, total));
        }
        cancellation.ThrowIfCancellationRequested();
        WarmUp(by);
    }

    /// <summary>Reads a few tokens at once and one alone: whatever kernels that takes are compiled now, not in front of a user.</summary>
    static void WarmUp(LanguageModel by)
    {
        using var runner = by.CreateRunner();
        using var sequence = runner.StartSequence();
        var rows = Math.Min(WarmUpRows, runner.Context - 1);
        if (rows < 1)
            return;
        // Different ones, so that a mixture chooses different experts.
        runner.Forward(sequence, [.. Enumerable.Range(0, rows).Select(index => index % by.Config.Vocabulary)]);
        if (!by.Decoder.States.LooksAhead)
            runner.Forward(sequence, [0]);
    }
}
