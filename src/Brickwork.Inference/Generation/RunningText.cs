using System.Diagnostics.CodeAnalysis;

namespace Brickwork.Inference.Generation;

/// <summary>A completion and the sequence it grows on: the tokens to feed, and what to do when the context is full.</summary>
sealed class RunningText(ModelRunner runner, Sequence sequence, Completion completion, ContextOverflow overflow)
{
    // A caller who cancels waits for one slice of a long prompt at most.
    const int SliceLength = 256;

    readonly int[] _next = new int[1];
    int[] _fresh = [];

    internal bool IsFinished => completion.IsFinished;

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
    internal bool TryAddTo(Batch batch, [NotNullWhen(false)] out GeneratedPiece? end)
    {
        end = null;
        if (completion.Pending is { } token)
        {
            _next[0] = token;
            _fresh = _next;
        }
        if (sequence.Length + _fresh.Length > runner.Context && !TrySlide())
        {
            end = completion.Finish(FinishReason.ContextFull);
            return false;
        }

        batch.Add(sequence, _fresh);
        return true;
    }

    internal GeneratedPiece Advance(ReadOnlySpan<float> logits) => completion.Advance(logits);

    internal GeneratedPiece Cancel() => completion.Finish(FinishReason.Cancelled);

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
