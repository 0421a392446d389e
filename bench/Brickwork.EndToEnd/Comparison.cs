namespace Brickwork.EndToEnd;

/// <summary>Takes the rows of one model: both engines in turn, round after round, so that both meet the same machine.</summary>
sealed class Comparison(Settings settings, string model, IEngine ours, IEngine theirs, Action<string> tell)
{
    readonly List<PairedRow> _rows = [];
    readonly List<string> _order = [];        // of the phases, as they were first measured

    public IReadOnlyList<PairedRow> Rows => _rows;

    /// <summary>The rows of an otherwise idle machine.</summary>
    public void MeasureAlone()
    {
        for (var round = 0; round < settings.Rounds; round++)
            foreach (var threads in settings.Threads)
            {
                MeasureSpeed(threads);
                if (Wants("batch"))
                    MeasureBatch(threads);
                if (Wants("first"))
                    Add("first token, ms", threads, ours.FirstToken(model, threads), theirs.FirstToken(model, threads), Unit.Milliseconds);
            }
        _rows.Sort((a, b) => (a.Threads, _order.IndexOf(a.Phase)).CompareTo((b.Threads, _order.IndexOf(b.Phase))));
    }

    /// <summary>Both engines writing beside busy processes.</summary>
    public Crowd? MeasureBesideOthers()
    {
        if (!Wants("beside"))
            return null;
        var engines = new[] { ours, theirs };
        var crowd = new Crowd(settings.Beside, settings.Limit, settings.Threads, [.. engines.Select(engine => new CrowdedRow(engine.Name))]);
        using var loops = new BusyLoops(settings.Beside);
        for (var round = 0; round < settings.Rounds; round++)
            foreach (var threads in settings.Threads)
                foreach (var (engine, row) in engines.Zip(crowd.Rows))
                {
                    var rate = engine.Speed(model, threads, prompt: 0, settings.Generate, TimeSpan.FromSeconds(settings.Limit))?.Decode.Value;
                    row.Add(threads, rate);
                    tell(FormattableString.Invariant($"beside {settings.Beside} busy processes, {threads} threads: {engine.Name} {rate:F1}"));
                }
        return crowd;
    }

    bool Wants(string rows) => settings.Rows.Contains(rows);

    void MeasureSpeed(int threads)
    {
        var (prompt, generate) = (Wants("prefill") ? settings.Prompt : 0, Wants("decode") ? settings.Generate : 0);
        if (prompt + generate == 0)
            return;
        var own = ours.Speed(model, threads, prompt, generate, Timeout.InfiniteTimeSpan)!.Value;
        var other = theirs.Speed(model, threads, prompt, generate, Timeout.InfiniteTimeSpan)!.Value;
        if (prompt > 0)
            Add("prefill", threads, own.Prefill, other.Prefill);
        if (generate > 0)
            Add("decode", threads, own.Decode, other.Decode);
    }

    void MeasureBatch(int threads)
    {
        var (own, other) = (ours.Batch(model, threads, settings.Batch), theirs.Batch(model, threads, settings.Batch));
        foreach (var sequences in settings.Batch.Where(other.ContainsKey))
            Add($"decode, {sequences} at once", threads, own[sequences], other[sequences]);
    }

    void Add(string phase, int threads, Measurement own, Measurement other, Unit unit = Unit.TokensPerSecond)
    {
        if (!_order.Contains(phase))
            _order.Add(phase);
        var row = _rows.Find(known => known.Phase == phase && known.Threads == threads);
        if (row is null)
            _rows.Add(row = new PairedRow(phase, threads, unit));
        row.Add(own, other);
        tell(FormattableString.Invariant($"{phase}, {threads} threads: {ours.Name} {own.Value:F1} (share {own.Share:F2}), {theirs.Name} {other.Value:F1} (share {other.Share:F2})"));
    }
}
