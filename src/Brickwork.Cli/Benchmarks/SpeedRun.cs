using System.Diagnostics;

namespace Brickwork.Cli.Benchmarks;

/// <summary>Measures how fast one loaded model reads and writes. Every repeat starts from empty sequences.</summary>
/// <param name="model">The model.</param>
/// <param name="options">How it is run.</param>
/// <param name="repeats">Counted runs of each measurement.</param>
/// <param name="depth">Tokens that stand before those that are written.</param>
/// <param name="cancellation">Ends the run between two passes.</param>
sealed class SpeedRun(LanguageModel model, RunnerOptions options, int repeats, int depth, CancellationToken cancellation)
{
    // Methods are compiled with care a tenth of a second after they proved busy.
    static readonly TimeSpan Compiled = TimeSpan.FromSeconds(0.4);

    /// <summary>Reading a prompt of random tokens.</summary>
    public SpeedRow Read(int tokens)
    {
        var prompt = RandomTokens.Of(model, tokens, seed: 1);
        return Measure(1, tokens, TokenWork.OfReading(model, tokens), (runner, counted) =>
        {
            using var sequence = runner.StartSequence();
            counted.Start();
            Pass(runner, new Batch().Add(sequence, prompt));
            counted.Stop();
        });
    }

    /// <summary>Writing a token for each of some texts, step by step.</summary>
    public SpeedRow Write(int sequences, int steps)
    {
        var before = RandomTokens.Of(model, Math.Max(1, depth), seed: 1);
        var written = RandomTokens.Of(model, sequences * steps, seed: 2);
        return Measure(sequences, sequences * steps, TokenWork.OfWriting(model), (runner, counted) =>
        {
            var all = Enumerable.Range(0, sequences).Select(_ => runner.StartSequence()).ToList();
            var batch = new Batch();
            all.ForEach(sequence => batch.Add(sequence, before));
            Pass(runner, batch);
            counted.Start();
            for (var step = 0; step < steps; step++)
            {
                batch.Clear();
                for (var index = 0; index < sequences; index++)
                    batch.Add(all[index], written.AsSpan(step * sequences + index, 1));
                Pass(runner, batch);
            }
            counted.Stop();
            all.ForEach(sequence => sequence.Dispose());
        });
    }

    void Pass(ModelRunner runner, Batch batch)
    {
        cancellation.ThrowIfCancellationRequested();
        runner.Forward(batch);
    }

    /// <summary>The first runs read the file, lay weights out and compile the kernels, once in haste and once more with care.</summary>
    static void WarmUp(Action once)
    {
        var start = Stopwatch.GetTimestamp();
        do
            once();
        while (Stopwatch.GetElapsedTime(start) < Compiled);
    }

    SpeedRow Measure(int sequences, int tokens, TokenWork work, Action<ModelRunner, Stretch> once)
    {
        using var runner = model.CreateRunner(options);
        WarmUp(() => once(runner, new Stretch()));
        var stretches = new Stretch[repeats];
        var share = ProcessorShare.Watch(model.Compute.Threads);
        for (var repeat = 0; repeat < repeats; repeat++)
            once(runner, stretches[repeat] = new Stretch());
        return new SpeedRow(model.Compute.Threads, sequences, new Spread(stretches.Select(stretch => tokens / stretch.Seconds)), share(), work,
            new Spread(stretches.Select(stretch => (double)stretch.Allocated / tokens)).Median);
    }
}
