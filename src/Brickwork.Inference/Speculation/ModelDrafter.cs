namespace Brickwork.Inference.Speculation;

/// <summary>Guesses by writing on with a smaller model, under the same sampling options.</summary>
sealed class ModelDrafter(ModelDraftSource source, ModelRunner runner, SamplingOptions sampling, int vocabulary) : IDrafter
{
    // A caller who cancels waits for one slice of a long text at most.
    const int SliceLength = 256;

    readonly Sampler _sampler = new(sampling, vocabulary);
    readonly RecordedDraw _draw = new(sampling.Seed, vocabulary);
    Sequence? _sequence;

    public bool Draws => sampling.Temperature > 0;

    public void Propose(ReadOnlySpan<int> context, int place, int most, Draft draft, CancellationToken cancellation)
    {
        // A longer vocabulary has tokens that this model does not know: it cannot read on.
        if (context.Length > runner.Context || context.ContainsAnyExceptInRange(0, vocabulary - 1))
            return;
        _sequence ??= source.Rent();
        if (!TryRead(context, cancellation, out var logits))
            return;
        _sampler.Restart(context);
        while (true)
        {
            var token = Guess(logits, place + draft.Count, draft.Add());
            if (draft.Count == most || _sequence.Length == runner.Context || cancellation.IsCancellationRequested)
                return;
            logits = runner.Forward(_sequence, [token]);
        }
    }

    public void Dispose()
    {
        if (_sequence is not null)
            source.Return(_sequence);
        _sequence = null;
    }

    /// <summary>Reads what is new of the text, at least its last token.</summary>
    bool TryRead(ReadOnlySpan<int> context, CancellationToken cancellation, out Tensor logits)
    {
        var common = Math.Min(_sequence!.Tokens.CommonPrefixLength(context), context.Length - 1);
        var fresh = _sequence.TryTruncate(common) ? context[common..] : context;
        for (; fresh.Length > SliceLength; fresh = fresh[SliceLength..])
        {
            runner.Forward(_sequence, fresh[..SliceLength], LogitRows.None);
            if (!cancellation.IsCancellationRequested)
                continue;
            logits = default;
            return false;
        }

        logits = runner.Forward(_sequence, fresh);
        return true;
    }

    int Guess(in Tensor logits, int place, Proposal proposal)
    {
        _draw.Prepare(proposal, place);
        return proposal.Token = _sampler.Next(logits.Row(0)[..vocabulary], _draw).Id;
    }
}
