using System.Diagnostics.CodeAnalysis;
using Brickwork.Inference.Speculation;

namespace Brickwork.Inference.Generation;

/// <summary>A completion and the sequence it grows on: the tokens to feed, and what to do when the context is full.</summary>
sealed class RunningText(
    ModelRunner runner, Sequence sequence, Completion completion, ContextOverflow overflow, Speculator? speculator) : IDisposable
{
    // A caller who cancels waits for one slice of a long prompt at most.
    const int SliceLength = 256;

    readonly int[] _next = new int[1];
    int[] _fresh = [];
    // What must be read again before the next token: nothing, unless the sequence could not take wrong guesses back.
    int[] _lost = [];

    internal bool IsFinished => completion.IsFinished;

    // The last token is chosen without being read, and the context must hold what is read.
    int Room => Math.Min(runner.Context - sequence.Length - _fresh.Length, completion.Left - 1 ?? int.MaxValue);

    /// <summary>Feeds the prompt but for its last slice, which the first step feeds.</summary>
    internal void Read(ReadOnlySpan<int> prompt, CancellationToken cancellation)
    {
        while (prompt.Length > SliceLength)
        {
            cancellation.ThrowIfCancellationRequested();
            runner.Forward(sequence, prompt[..SliceLength], LogitRows.None);
            prompt = prompt[SliceLength..];
        }

        cancellation.ThrowIfCancellationRequested();
        _fresh = prompt.ToArray();
    }

    /// <summary>Puts the next tokens into the batch, or ends the text where the context holds no more.</summary>
    /// <param name="batch">The pass being put together.</param>
    /// <param name="end">The last piece, where the text ended.</param>
    /// <param name="cancellation">Guessing may end early.</param>
    internal bool TryAddTo(Batch batch, [NotNullWhen(false)] out GeneratedPiece? end, CancellationToken cancellation)
    {
        end = null;
        if (completion.Pending is { } token)
        {
            _next[0] = token;
            _fresh = _lost.Length == 0 ? _next : [.. _lost, token];
            _lost = [];
        }
        if (sequence.Length + _fresh.Length > runner.Context && !TrySlide())
        {
            end = completion.Finish(FinishReason.ContextFull);
            return false;
        }

        if (speculator is null)
            batch.Add(sequence, _fresh);
        else
            speculator.AddTo(batch, sequence, _fresh, Room, completion.Count, cancellation);
        return true;
    }

    /// <summary>Takes the pieces that a pass gave.</summary>
    /// <param name="logits">Of the whole batch.</param>
    /// <param name="row">The first row of this text.</param>
    /// <param name="pieces">Where they go; at least one.</param>
    /// <returns>How many rows belong to this text.</returns>
    internal int Advance(in Tensor logits, int row, List<GeneratedPiece> pieces)
    {
        if (speculator is not null)
            return AdvanceGuessed(speculator, logits, row, pieces);
        completion.MarkPass(drafted: 0);
        pieces.Add(completion.Advance(logits.Row(row)));
        return 1;
    }

    internal GeneratedPiece Cancel() => completion.Finish(FinishReason.Cancelled);

    public void Dispose() => speculator?.Dispose();

    int AdvanceGuessed(Speculator speculator, in Tensor logits, int row, List<GeneratedPiece> pieces)
    {
        speculator.EndPass();
        completion.MarkPass(speculator.Guesses);
        for (var right = 0; ; right++)
        {
            var guess = speculator.GuessAt(right);
            pieces.Add(completion.Advance(logits.Row(row + right), guess));
            speculator.Learn(guess);
            if (right < speculator.Fed && !completion.IsFinished && guess!.IsAccepted)
                continue;
            _lost = speculator.TakeBack(sequence, right);
            return 1 + speculator.Fed;
        }
    }

    // The first token (the start of a text, on which attention likes to rest) and the newest half are read again at new positions.
    bool TrySlide()
    {
        if (overflow == ContextOverflow.Stop || runner.Context < 4)
            return false;
        int[] all = [.. sequence.Tokens, .. _fresh];
        _fresh = [all[0], .. all[^(runner.Context / 2)..]];
        sequence.TryTruncate(0);
        return true;
    }
}
