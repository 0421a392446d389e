using Brickwork.Bricks.Route;

namespace Brickwork.Bricks.Replay;

/// <summary>Gates of bricks and fusions, trained again on the kernel path of the first time.</summary>
sealed class ShortTrainingReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = [ShortTrainingLog.Gates, ShortTrainingLog.Fusion];

    public void Run(ReplayedOperation work)
    {
        using var model = work.LoadModel();
        var brick = Train(work, model, TextsOf(work, new FoundTexts(work)));
        // The files may have other names now; the log keeps those they had.
        BrickReplay.Write(work, brick.Describe(manifest => manifest with { Log = [.. manifest.Log.SkipLast(1), work.Operation] }), model);
    }

    static Brick Train(ReplayedOperation work, LanguageModel model, ExampleTexts texts)
    {
        string[] ids = work.Argument(ShortTrainingLog.Bricks).Split('\n');
        Brick[] bricks = [.. work.InputsOf("brick").Zip(ids, (input, id) => Brick.Open(input.Path, model).Again(id, work.Operation))];
        if (work.InputsOf("brick").Count() is var count && count != ids.Length)
            throw work.Wrong($"names {ids.Length} bricks and has {count}");
        // Inputs are found by their hashes: whoever did it the first time knew whether they belong together.
        var options = new ShortTraining { Steps = work.Number<int>(ShortTrainingLog.Steps), Rate = work.Number<float>(ShortTrainingLog.Rate), AnyParent = true };
        var steps = new StepReport(work.Options.Progress, options.Steps);
        return work.Operation.Name == ShortTrainingLog.Gates
            ? model.TrainGates(bricks[0], texts, options, steps, work.Options.CancellationToken)
            : model.TrainFusion(bricks, FusionOf(work), texts, options, steps, work.Options.CancellationToken);
    }

    static ExampleTexts TextsOf(ReplayedOperation work, FoundTexts texts) => new()
    {
        Paths = texts.Entries(),
        Documents = work.Number<int>(ShortTrainingLog.Documents),
        Length = work.Number<int>(ShortTrainingLog.Length),
        BatchTokens = work.Number<int>(ShortTrainingLog.BatchTokens),
    };

    static NewFusion FusionOf(ReplayedOperation work) => new()
    {
        Id = work.Argument(ShortTrainingLog.Id),
        Width = work.Number<int>(ShortTrainingLog.Width),
        Seed = unchecked((ulong)(work.Operation.Seed ?? 0)),
    };

    sealed class StepReport(Action<long, long>? progress, int steps) : IProgress<int>
    {
        public void Report(int value) => progress?.Invoke(value, steps);
    }
}
