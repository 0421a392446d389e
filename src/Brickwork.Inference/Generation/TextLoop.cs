namespace Brickwork.Inference.Generation;

/// <summary>Generates one text: read the prompt, then feed, choose, repeat.</summary>
static class TextLoop
{
    internal static IEnumerable<GeneratedPiece> Run(ModelRunner runner, RunningText text, int[] fresh, CancellationToken cancellation)
    {
        if (!TryRead(text, fresh, cancellation))
        {
            yield return text.Cancel();
            yield break;
        }

        var batch = new Batch();
        while (!text.IsFinished)
            yield return Step(runner, text, batch, cancellation);
    }

    static GeneratedPiece Step(ModelRunner runner, RunningText text, Batch batch, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return text.Cancel();
        batch.Clear();
        return text.TryAddTo(batch, out var end) ? text.Advance(runner.Forward(batch).Row(0)) : end;
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
