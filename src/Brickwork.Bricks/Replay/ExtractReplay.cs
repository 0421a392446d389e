using Brickwork.Bricks.Log;

namespace Brickwork.Bricks.Replay;

/// <summary>Bricks taken out of differences.</summary>
sealed class ExtractReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = [LoraExtraction.Operation];

    public void Run(ReplayedOperation work)
    {
        using var model = LanguageModel.From(work.OpenModel(), new LoadOptions { Threads = work.Options.Threads });
        var extracted = model.Extract(work.PathOf(LoraExtraction.Tuned) ?? throw work.Wrong("has no tuned model"), new ExtractOptions
        {
            Id = work.Argument("id"),
            Rank = work.Number<int>("rank"),
            Targets = new SlotPattern(work.Argument("targets")),
            Embedding = work.Find("embedding") is not null,
            Licence = work.Find(BrickLog.Licence),
            Operation = work.Operation,
            Progress = work.Options.Progress,
            CancellationToken = work.Options.CancellationToken,
        });
        BrickReplay.Write(work, extracted.Brick, model);
    }
}
