using Brickwork.Inference.Sampling;

namespace Brickwork.Evaluation.Scoring;

/// <summary>Rows of one forward pass: each foresees one scored token.</summary>
sealed class LogitBlock
{
    readonly Batch _batch = new();
    readonly List<Sequence> _sequences = [];
    readonly List<(ScoredWindow Window, int Target)> _targets = [];
    Tensor _logits;

    /// <summary>Tokens read by this pass.</summary>
    internal int Rows { get; private set; }

    /// <summary>Scored tokens.</summary>
    internal int Count => _targets.Count;

    /// <summary>The window and the index in it of the token that row <paramref name="row"/> foresees.</summary>
    internal (ScoredWindow Window, int Target) Target(int row) => _targets[row];

    /// <summary>[V], what the model expects there.</summary>
    internal ReadOnlySpan<float> Logits(int row) => _logits.Row(row);

    /// <summary>The natural logarithm of the probability that the model gave the token of row <paramref name="row"/>.</summary>
    /// <exception cref="CheckpointException">A logit is no number.</exception>
    internal double LogProbability(int row)
    {
        var (window, target) = _targets[row];
        var logits = Logits(row);
        var result = logits[window.Tokens[target]] - LogSumExp.Of(logits);
        return double.IsNaN(result) ? throw Damaged(target) : result;
    }

    internal void Owns(Sequence sequence) => _sequences.Add(sequence);

    /// <summary>The most memory that one of the sequences took after the pass.</summary>
    internal long CacheBytes { get; private set; }

    /// <summary>Feeds tokens <paramref name="start"/> to <paramref name="end"/> of a window, of which all or the last one foresee a scored token.</summary>
    internal void Add(Sequence sequence, ScoredWindow window, int start, int end, LogitRows wanted)
    {
        _batch.Add(sequence, window.Tokens.AsSpan(start, end - start), wanted);
        Rows += end - start;
        for (var index = wanted == LogitRows.All ? start : end - 1; index < end; index++)
            _targets.Add((window, index + 1));
    }

    internal LogitBlock Run(ModelRunner runner)
    {
        _logits = runner.Forward(_batch);
        CacheBytes = _sequences.Max(sequence => sequence.CacheBytes);
        return this;
    }

    /// <summary>Makes room for the next pass; a sequence that goes on is kept.</summary>
    internal void Clear(Sequence? kept)
    {
        foreach (var sequence in _sequences)
            if (!ReferenceEquals(sequence, kept))
                sequence.Dispose();
        _sequences.RemoveAll(sequence => !ReferenceEquals(sequence, kept));
        _batch.Clear();
        _targets.Clear();
        Rows = 0;
    }

    static CheckpointException Damaged(int position) => new(
        $"The logits at position {position - 1} are no numbers; expected finite ones. The weights may be damaged.", "Fetch or convert the model again.");
}
