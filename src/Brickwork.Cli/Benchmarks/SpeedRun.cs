using System.Diagnostics;

namespace Brickwork.Cli.Benchmarks;

/// <summary>One measured speed.</summary>
/// <param name="Threads">Threads that worked.</param>
/// <param name="Sequences">Texts written at once; 0 for reading a prompt.</param>
/// <param name="Median">Tokens per second, the middle of the repeats.</param>
/// <param name="Best">The best of them.</param>
/// <param name="Share">The share of its processors that the process got meanwhile.</param>
sealed record SpeedRow(int Threads, int Sequences, double Median, double Best, double Share);

/// <summary>Measures how fast one loaded model reads and writes. Every repeat starts from an empty sequence.</summary>
sealed class SpeedRun(LanguageModel model, RunnerOptions options, int repeats, CancellationToken cancellation)
{
    /// <summary>Reading a prompt of random tokens.</summary>
    public SpeedRow Prefill(int tokens) => Measure(0, tokens, stopwatch =>
    {
        using var runner = model.CreateRunner(options);
        using var sequence = runner.StartSequence();
        var batch = new Batch().Add(sequence, Tokens(tokens, seed: 1));
        stopwatch.Start();
        runner.Forward(batch);
        stopwatch.Stop();
    });

    /// <summary>Writing a token for each of some sequences, step by step.</summary>
    public SpeedRow Decode(int sequences, int steps) => Measure(sequences, sequences * steps, stopwatch =>
    {
        using var runner = model.CreateRunner(options);
        var all = Enumerable.Range(0, sequences).Select(_ => runner.StartSequence()).ToList();
        Step(runner, all, seed: 0);
        stopwatch.Start();
        for (var step = 1; step <= steps; step++)
            Step(runner, all, step);
        stopwatch.Stop();
        all.ForEach(sequence => sequence.Dispose());
    });

    void Step(ModelRunner runner, List<Sequence> sequences, int seed)
    {
        cancellation.ThrowIfCancellationRequested();
        var batch = new Batch();
        foreach (var sequence in sequences)
            batch.Add(sequence, Tokens(1, seed));
        runner.Forward(batch);
    }

    SpeedRow Measure(int sequences, int tokens, Action<Stopwatch> once)
    {
        once(new Stopwatch());                      // the first run compiles kernels, repacks weights and reads the file
        var rates = new List<double>();
        var (processor, wall) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            cancellation.ThrowIfCancellationRequested();
            var stopwatch = new Stopwatch();
            once(stopwatch);
            rates.Add(tokens / stopwatch.Elapsed.TotalSeconds);
        }
        var share = (Process.GetCurrentProcess().TotalProcessorTime - processor) / wall.Elapsed / model.Compute.Threads;
        rates.Sort();
        return new SpeedRow(model.Compute.Threads, sequences, rates[rates.Count / 2], rates[^1], share);
    }

    int[] Tokens(int count, int seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (int)(random.NextDouble() * model.Config.Vocabulary))];
    }
}
