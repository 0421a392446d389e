using Microsoft.Extensions.AI;

namespace Brickwork.Serving;

/// <summary>Wraps the pieces of one answer.</summary>
sealed class ChatUpdates(string? model)
{
    // Tells answers of this process apart; nothing random is needed for that.
    static long _answers;

    readonly string _id = $"brickwork-{Interlocked.Increment(ref _answers)}";

    /// <summary>The update that carries a piece; null where there is nothing to tell yet.</summary>
    internal ChatResponseUpdate? From(GeneratedPiece piece)
    {
        if (piece is { Text: "", End: null, LogProbability: null })
            return null;
        var update = new ChatResponseUpdate(ChatRole.Assistant, piece.Text)
        {
            ResponseId = _id, MessageId = _id, ModelId = model, RawRepresentation = piece,
        };
        if (piece.End is { } end)
        {
            update.FinishReason = end.Reason == FinishReason.Stop ? ChatFinishReason.Stop : ChatFinishReason.Length;
            update.Contents.Add(new UsageContent(Usage(end.Timing)));
        }

        return update;
    }

    static UsageDetails Usage(GenerationTiming timing) => new()
    {
        AdditionalCounts = timing.Drafted == 0 ? null : new() { ["passes"] = timing.Passes, ["drafted"] = timing.Drafted, ["accepted"] = timing.Accepted },
        InputTokenCount = timing.PromptTokens,
        CachedInputTokenCount = timing.ReusedTokens,
        OutputTokenCount = timing.Tokens,
        TotalTokenCount = timing.PromptTokens + timing.Tokens,
    };
}
