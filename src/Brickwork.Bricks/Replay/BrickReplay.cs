using Brickwork.Bricks.Log;

namespace Brickwork.Bricks.Replay;

/// <summary>Conversions of bricks between the forms they are kept in.</summary>
sealed class BrickReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = [BrickLog.Conversion];

    public void Run(ReplayedOperation work)
    {
        using var model = work.PathOf("model") is null ? null : LanguageModel.From(work.OpenModel(), new LoadOptions { Threads = work.Options.Threads });
        var brick = Brick.Open(work.PathOf("brick") ?? throw work.Wrong("has no brick"), model).Again(work.Argument("id"), work.Operation);
        Write(work, brick, model);
    }

    /// <summary>Writes a brick in the form that the log names.</summary>
    public static void Write(ReplayedOperation work, Brick brick, LanguageModel? model)
    {
        var save = new SaveOptions { Existing = work.Options.Overwrite ? ExistingFiles.Replace : ExistingFiles.Refuse };
        switch (work.Argument(BrickLog.Form))
        {
            case BrickLog.OwnForm:
                brick.Save(work.Target, save);
                break;
            case BrickLog.GgufForm:
                brick.SaveGguf(work.Target, model ?? throw work.Wrong("has no model"), save);
                break;
            case BrickLog.PeftForm:
                brick.SavePeft(work.Target, model ?? throw work.Wrong("has no model"), save);
                break;
            case var form:
                throw work.Wrong($"has the unknown form '{form}'");
        }
    }
}
