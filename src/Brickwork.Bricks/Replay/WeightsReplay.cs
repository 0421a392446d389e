namespace Brickwork.Bricks.Replay;

/// <summary>Bricks worked into weights and out of them.</summary>
sealed class WeightsReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = ["plug", "unplug"];

    public void Run(ReplayedOperation work)
    {
        var strength = work.Number<float>("strength");
        using var model = LanguageModel.From(work.OpenModel(), new LoadOptions { Threads = work.Options.Threads });
        var brick = Brick.Open(work.PathOf("brick") ?? throw work.Wrong("has no brick"), model);
        model.SaveMerged(brick, work.Operation.Name == "unplug" ? -strength : strength, work.Target, work.Writing());
    }
}
