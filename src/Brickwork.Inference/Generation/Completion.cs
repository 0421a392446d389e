using Brickwork.Inference.Speculation;

namespace Brickwork.Inference.Generation;

/// <summary>One text being generated: its tokens, what of them is certain text, and whether it has ended. Knows nothing of the model's maths.</summary>
sealed class Completion(Sampler sampler, TextDecoder decoder, IReadOnlySet<int> ends, GenerationOptions options, GenerationClock clock)
{
    readonly StopFilter _stops = new(options.Stop);
    int _count;

    /// <summary>The token that the model has to see next; null before the first and after the last.</summary>
    internal int? Pending { get; private set; }

    internal bool IsFinished { get; private set; }

    /// <summary>How many tokens have been chosen.</summary>
    internal int Count => _count;

    /// <summary>How many tokens are still wished; null where there is no limit.</summary>
    internal int? Left => options.MaxTokens - _count;

    internal void MarkPass(int drafted) => clock.MarkPass(drafted);

    /// <summary>Chooses the next token and says what is now certain.</summary>
    /// <param name="logits">[V].</param>
    /// <param name="guess">The token that was guessed for this place; it learns whether it was right.</param>
    internal GeneratedPiece Advance(ReadOnlySpan<float> logits, Proposal? guess = null)
    {
        var token = Choose(logits, guess);
        clock.MarkToken();
        if (ends.Contains(token.Id))
            return Finish(FinishReason.Stop);

        _count++;
        Pending = token.Id;
        var text = _stops.Push(decoder.Append(token.Id));
        var piece = new GeneratedPiece { Text = text, Id = token.Id, LogProbability = token.LogProbability, Top = token.Top };
        if (_stops.Found is not null)
            return End(piece, FinishReason.Stop);
        return _count == options.MaxTokens ? End(piece, FinishReason.Length) : piece;
    }

    SampledToken Choose(ReadOnlySpan<float> logits, Proposal? guess)
    {
        if (guess is null)
            return sampler.Next(logits);
        // A guess that was not drawn is right where plain writing takes the same token: no other rule accepts it more often.
        var token = guess.Distribution is null ? sampler.Next(logits) : sampler.Next(logits, new JudgedDraw(sampler.Plain, guess));
        guess.IsAccepted = token.Id == guess.Token;
        if (guess.IsAccepted)
            clock.MarkAccepted();
        return token;
    }

    /// <summary>Ends the text without a further token.</summary>
    internal GeneratedPiece Finish(FinishReason reason) => End(new GeneratedPiece { Text = "" }, reason);

    GeneratedPiece End(GeneratedPiece piece, FinishReason reason)
    {
        IsFinished = true;
        Pending = null;
        var rest = _stops.Push(decoder.Flush()) + _stops.Flush();
        return piece with { Text = piece.Text + rest, End = new GenerationEnd(reason, _stops.Found, clock.Stop(_count)) };
    }
}
