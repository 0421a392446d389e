namespace Brickwork.Evaluation.Scoring;

/// <summary>Reads windows and gives the logits from which their scored tokens are foreseen, a block of rows at a time.</summary>
/// <remarks>Short windows share a pass and long ones are cut, so that a block of logits stays below 64 MB whatever the vocabulary.</remarks>
sealed class LogitScan(ModelRunner runner, int vocabulary)
{
    const int BlockBytes = 64 << 20;

    readonly int _rowsAtOnce = Math.Clamp(BlockBytes / sizeof(float) / vocabulary, 16, 512);

    /// <summary>The blocks; each is valid until the next is asked for.</summary>
    internal IEnumerable<LogitBlock> Run(IEnumerable<ScoredWindow> windows, CancellationToken cancellation)
    {
        var block = new LogitBlock();
        foreach (var window in windows)
        {
            // The last token foresees nothing that is scored.
            var length = window.Tokens.Length - 1;
            var sequence = runner.StartSequence();
            block.Owns(sequence);
            for (var start = 0; start < length;)
            {
                // What is only read is a prompt: whole, and one row of it wanted.
                var isPrompt = start < window.FirstScored - 1;
                var end = isPrompt ? window.FirstScored : Math.Min(length, start + _rowsAtOnce - block.Rows);
                block.Add(sequence, window, start, end, isPrompt ? LogitRows.Last : LogitRows.All);
                start = end;
                if (block.Rows < _rowsAtOnce && !(start < length))
                    continue;
                cancellation.ThrowIfCancellationRequested();
                yield return block.Run(runner);
                block.Clear(start < length ? sequence : null);
            }
        }

        if (block.Rows > 0)
            yield return block.Run(runner);
        block.Clear(null);
    }
}
