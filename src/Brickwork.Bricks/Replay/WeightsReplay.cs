using Brickwork.Bricks.Weights;

namespace Brickwork.Bricks.Replay;

/// <summary>Bricks worked into weights and out of them.</summary>
sealed class WeightsReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = [HeldBricks.Plug, HeldBricks.Unplug];

    public void Run(ReplayedOperation work)
    {
        var strength = work.Number<float>(HeldBricks.Strength);
        using var model = LanguageModel.From(work.OpenModel(), new LoadOptions { Threads = work.Options.Threads });
        var brick = Brick.Open(work.PathOf("brick") ?? throw work.Wrong("has no brick"), model);
        // Its inputs are found by their hashes: whoever plugged it the first time knew whether they belong together.
        var plug = new PlugOptions { Strength = strength, AnyParent = true };
        if (work.Operation.Name == HeldBricks.Unplug)
            model.SaveUnmerged(brick, plug, work.Target, work.Writing());
        else
            model.SaveMerged(brick, plug, work.Target, work.Writing());
    }
}
