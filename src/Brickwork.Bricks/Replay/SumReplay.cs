using System.Globalization;

namespace Brickwork.Bricks.Replay;

/// <summary>LoRA bricks that were added up.</summary>
sealed class SumReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = [LoraSum.Operation];

    public void Run(ReplayedOperation work)
    {
        float[] weights = [.. work.Argument("weights").Split(' ').Select(weight =>
            float.TryParse(weight, CultureInfo.InvariantCulture, out var number) ? number : throw work.Wrong($"says weights: '{work.Find("weights")}', which are no numbers"))];
        var sum = LoraSum.Of(work.Argument("id"), [.. work.InputsOf("brick").Select(input => Brick.Open(input.Path))], weights, work.Choice<LoraSumOf>("of"));
        // The files may have other names now; the log keeps those they had.
        BrickReplay.Write(work, sum.Describe(manifest => manifest with { Log = [.. manifest.Log.SkipLast(1), work.Operation] }), model: null);
    }
}
