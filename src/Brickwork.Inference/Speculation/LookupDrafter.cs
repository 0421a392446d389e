namespace Brickwork.Inference.Speculation;

/// <summary>Finds where the last tokens stood before, and guesses that the same follows.</summary>
/// <remarks>The longest match counts, three tokens to one, and of equals the latest. A match that reaches the end goes on with what it guessed.</remarks>
sealed class LookupDrafter : IDrafter, IDraftSource
{
    const int LongestMatch = 3;

    public bool Draws => false;

    // It remembers nothing, so one serves every text.
    public IDrafter Start(SamplingOptions sampling) => this;

    public void Propose(ReadOnlySpan<int> context, int place, int most, Draft draft, CancellationToken cancellation)
    {
        if (FindContinuation(context) is not { } start)
            return;
        for (var next = start; draft.Count < most; next++)
            draft.Add().Token = next < context.Length ? context[next] : draft[next - context.Length].Token;
    }

    static int? FindContinuation(ReadOnlySpan<int> context)
    {
        for (var length = Math.Min(LongestMatch, context.Length - 1); length > 0; length--)
            if (context[..^1].LastIndexOf(context[^length..]) is >= 0 and var match)
                return match + length;
        return null;
    }

    public void Dispose()
    {
    }
}
