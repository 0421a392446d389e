namespace Brickwork.Inference.Generation;

/// <summary>Generates many texts, some of them at a time: when one ends, the next prompt takes its place.</summary>
sealed class BatchGeneration(
    ModelRunner runner, Func<Sequence, int[], GenerationOptions, RunningText> begin, GenerationOptions options, int atOnce)
{
    readonly List<Entry> _running = [];
    readonly List<Entry> _fed = [];
    readonly Batch _batch = new();

    internal IReadOnlyList<GeneratedText> Run(IReadOnlyList<int[]> prompts, CancellationToken cancellation)
    {
        var pieces = prompts.Select(_ => new List<GeneratedPiece>()).ToArray();
        var next = 0;
        try
        {
            while (next < prompts.Count || _running.Count > 0)
            {
                while (_running.Count < atOnce && next < prompts.Count)
                    Start(prompts[next], pieces[next++], cancellation);
                Step(cancellation);
            }
        }
        finally
        {
            foreach (var entry in _running)
                entry.Dispose();
        }

        return [.. pieces.Select(GeneratedText.From)];
    }

    void Start(int[] prompt, List<GeneratedPiece> pieces, CancellationToken cancellation)
    {
        var sequence = runner.StartSequence();
        var entry = new Entry(sequence, begin(sequence, prompt, options), pieces);
        _running.Add(entry);
        if (!TextLoop.TryRead(entry.Text, prompt, cancellation))
            pieces.Add(entry.Text.Cancel());
    }

    void Step(CancellationToken cancellation)
    {
        _batch.Clear();
        _fed.Clear();
        foreach (var entry in _running)
        {
            if (entry.Text.IsFinished)
                continue;
            if (cancellation.IsCancellationRequested)
                entry.Pieces.Add(entry.Text.Cancel());
            else if (entry.Text.TryAddTo(_batch, out var end, cancellation))
                _fed.Add(entry);
            else
                entry.Pieces.Add(end);
        }

        if (_fed.Count > 0)
            Advance(runner.Forward(_batch));
        foreach (var entry in _running)
            if (entry.Text.IsFinished)
                entry.Dispose();
        _running.RemoveAll(static entry => entry.Text.IsFinished);
    }

    void Advance(Tensor logits)
    {
        var row = 0;
        foreach (var entry in _fed)
            row += entry.Text.Advance(logits, row, entry.Pieces);
    }

    sealed record Entry(Sequence Sequence, RunningText Text, List<GeneratedPiece> Pieces) : IDisposable
    {
        public void Dispose()
        {
            Text.Dispose();
            Sequence.Dispose();
        }
    }
}
