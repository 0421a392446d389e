using System.Runtime.InteropServices;

namespace Brickwork.Inference.Speculation;

/// <summary>Guesses ahead for one text: asks a drafter, puts the guesses into the pass that checks them, and takes wrong ones back.</summary>
/// <remarks>Leviathan et al. 2023, algorithm 1.</remarks>
sealed class Speculator(IDrafter drafter, DraftLength length, TimeProvider time) : IDisposable
{
    readonly Draft _draft = new();
    // What the sequence holds once the pass is done: the text so far, its next tokens, and the guesses that are fed.
    readonly List<int> _text = [];
    long _passStart;
    bool _isStep;
    bool _guessedBefore;

    /// <summary>How many guesses were made for this pass.</summary>
    internal int Guesses => _draft.Count;

    /// <summary>How many of them the pass reads. A drawn guess more is made for the token that follows them.</summary>
    internal int Fed { get; private set; }

    /// <summary>Puts tokens and guesses into a pass.</summary>
    /// <param name="batch">The pass.</param>
    /// <param name="sequence">The text so far.</param>
    /// <param name="fresh">Its next tokens.</param>
    /// <param name="room">The most guesses that the pass may read.</param>
    /// <param name="place">How many tokens of the text were chosen so far.</param>
    /// <param name="cancellation">Guessing may end early.</param>
    internal void AddTo(Batch batch, Sequence sequence, ReadOnlySpan<int> fresh, int room, int place, CancellationToken cancellation)
    {
        // A pass that reads a prompt is bound by its own rows: guesses would ask it for logits of all of them.
        _isStep = fresh.Length == 1;
        var extra = drafter.Draws ? 1 : 0;
        var wished = _isStep ? Math.Min(length.Next(extra), room) : 0;
        _text.Clear();
        _text.AddRange(sequence.Tokens);
        _text.AddRange(fresh);
        Guess(place, wished + extra, cancellation);

        Fed = Math.Min(_draft.Count, wished);
        for (var index = 0; index < Fed; index++)
            _text.Add(_draft[index].Token);
        batch.Add(sequence, Text[sequence.Length..], Fed > 0 ? LogitRows.All : LogitRows.Last);
        _passStart = time.GetTimestamp();
    }

    /// <summary>The guess for the token after so many right ones; null where there is none.</summary>
    internal Proposal? GuessAt(int index) => index < _draft.Count ? _draft[index] : null;

    /// <summary>The pass is done: learns how long it took.</summary>
    internal void EndPass()
    {
        if (_isStep)
            length.LearnPassTime(Fed, time.GetElapsedTime(_passStart));
    }

    internal void Learn(Proposal? judged)
    {
        if (judged is not null)
            length.LearnGuess(judged.IsAccepted);
    }

    /// <summary>Takes the guesses that were fed back from the sequence, but for the first ones.</summary>
    /// <returns>The tokens that must be fed again, because the sequence could not go back so little.</returns>
    internal int[] TakeBack(Sequence sequence, int right)
    {
        var kept = _text.Count - Fed + right;
        return right == Fed || sequence.TryTruncate(kept) ? [] : [.. Text[..kept]];
    }

    public void Dispose() => drafter.Dispose();

    ReadOnlySpan<int> Text => CollectionsMarshal.AsSpan(_text);

    void Guess(int place, int most, CancellationToken cancellation)
    {
        _draft.Clear();
        if (most == 0)
        {
            _guessedBefore = false;
            return;
        }

        var start = time.GetTimestamp();
        drafter.Propose(Text, place, most, _draft, cancellation);
        // A drafter that was not asked of late first reads what it missed, which is not what a guess takes.
        if (_guessedBefore && _draft.Count > 0)
            length.LearnGuessTime(time.GetElapsedTime(start) / _draft.Count);
        _guessedBefore = _draft.Count > 0;
    }
}
