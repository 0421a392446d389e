namespace Brickwork.Inference.Speculation;

/// <summary>What a generator keeps for every way of guessing it was asked for: measured times, and the runner of a draft model.</summary>
sealed class SpeculatorPool(LanguageModel model, RunnerOptions options, TimeProvider time) : IDisposable
{
    readonly Dictionary<SpeculationOptions, Entry> _entries = [];

    /// <summary>Sees that a model can be guessed for in this way.</summary>
    /// <exception cref="UnsupportedModelException">It cannot, or the draft model does not fit it.</exception>
    internal void Require(SpeculationOptions? speculation)
    {
        if (speculation is not null)
            Open(speculation);
    }

    /// <summary>What guesses ahead for one text; null where nothing does.</summary>
    internal Speculator? Start(GenerationOptions generation)
    {
        if (generation.Speculation is not { } speculation)
            return null;
        var entry = Open(speculation);
        return new Speculator(entry.Source.Start(generation.Sampling), entry.Length, time);
    }

    public void Dispose()
    {
        foreach (var entry in _entries.Values)
            entry.Source.Dispose();
    }

    Entry Open(SpeculationOptions speculation)
    {
        if (_entries.TryGetValue(speculation, out var entry))
            return entry;
        Rollback.Require(model, options);
        entry = new Entry(speculation.Open(model, options), new DraftLength(speculation.DraftTokens, speculation.MostWorthwhile));
        _entries.Add(speculation, entry);
        return entry;
    }

    sealed record Entry(IDraftSource Source, DraftLength Length);
}
