namespace Brickwork.Inference.Generation;

/// <summary>Generates one text: read the prompt, then feed, choose, repeat.</summary>
static class TextLoop
{
    internal static IEnumerable<GeneratedPiece> Run(ModelRunner runner, RunningText text, int[] fresh, CancellationToken cancellation)
    {
        using var owned = text;
        if (!TryRead(text, fresh, cancellation))
        {
            yield return text.Cancel();
            yield break;
        }

        var batch = new Batch();
        // Logits last until the next pass, which may be another text's: all of a pass is taken before anything is given out.
        var pieces = new List<GeneratedPiece>();
        while (!text.IsFinished)
        {
            Step(runner, text, batch, pieces, cancellation);
            foreach (var piece in pieces)
                yield return piece;
        }
    }

    static void Step(ModelRunner runner, RunningText text, Batch batch, List<GeneratedPiece> pieces, CancellationToken cancellation)
    {
        batch.Clear();
        pieces.Clear();
        if (cancellation.IsCancellationRequested)
            pieces.Add(text.Cancel());
        else if (text.TryAddTo(batch, out var end, cancellation))
            text.Advance(runner.Forward(batch), 0, pieces);
        else
            pieces.Add(end);
    }

    internal static bool TryRead(RunningText text, int[] fresh, CancellationToken cancellation)
    {
        try
        {
            text.Read(fresh, cancellation);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
