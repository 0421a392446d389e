namespace Brickwork.Inference.Generation;

/// <summary>Generates many texts, some of them at a time: when one ends, the next prompt takes its place.</summary>
sealed class BatchGeneration(
    ModelRunner runner, Func<Sequence, int[], GenerationOptions, RunningText> begin, GenerationOptions options, int atOnce)
{
    readonly List<Entry> _running = [];
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
                entry.Sequence.Dispose();
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
        List<Entry> fed = [];
        foreach (var entry in _running.Where(entry => !entry.Text.IsFinished))
        {
            if (cancellation.IsCancellationRequested)
                entry.Pieces.Add(entry.Text.Cancel());
            else if (entry.Text.TryAddTo(_batch, out var end))
                fed.Add(entry);
            else
                entry.Pieces.Add(end);
        }

        if (fed.Count > 0)
            Advance(fed, runner.Forward(_batch));
        foreach (var entry in _running.Where(entry => entry.Text.IsFinished))
            entry.Sequence.Dispose();
        _running.RemoveAll(entry => entry.Text.IsFinished);
    }

    static void Advance(List<Entry> fed, Tensor logits)
    {
        for (var row = 0; row < fed.Count; row++)
            fed[row].Pieces.Add(fed[row].Text.Advance(logits.Row(row)));
    }

    sealed record Entry(Sequence Sequence, RunningText Text, List<GeneratedPiece> Pieces);
}
