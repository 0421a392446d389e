using Brickwork.Bricks.Log;

namespace Brickwork.Bricks.Replay;

/// <summary>Conversions of bricks between the forms they are kept in.</summary>
sealed class BrickReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = [BrickLog.Conversion];

    public void Run(ReplayedOperation work)
    {
        using var model = work.PathOf("model") is null ? null : LanguageModel.From(work.OpenModel(), new LoadOptions { Threads = work.Options.Threads });
        var brick = Brick.Open(work.PathOf("brick") ?? throw work.Wrong("has no brick"), model);
        if (work.Find(BrickLog.Licence) is { Length: > 0 } licence)
            brick = brick.UnderLicence(licence);
        foreach (var type in work.Find(BrickLog.Types)?.Split(' ') ?? [])
            brick = brick.As(type switch
            {
                nameof(DType.F32) => DType.F32,
                nameof(DType.F16) => DType.F16,
                nameof(DType.BF16) => DType.BF16,
                _ => throw work.Wrong($"has the unknown storage type '{type}'"),
            });
        Write(work, brick.Again(work.Argument("id"), work.Operation), model);
    }

    /// <summary>Writes a brick in the form that the log names.</summary>
    public static void Write(ReplayedOperation work, Brick brick, LanguageModel? model)
    {
        // Inputs are found by their hashes: whoever did it the first time knew whether they belong together.
        var save = new BrickSaveOptions { Existing = work.Options.Overwrite ? ExistingFiles.Replace : ExistingFiles.Refuse, AnyParent = true };
        switch (work.Argument(BrickLog.Form))
        {
            case BrickLog.OwnForm:
                brick.Save(work.Target, save.Plain);
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
