using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Routing;

/// <summary>How bricks that were found for a text work together.</summary>
enum RetrievalUse
{
    /// <summary>Σ of what they do, each by its weight.</summary>
    Mix,

    /// <summary>One brick of the weighted mean of their parameters.</summary>
    Fuse,

    /// <summary>The best one alone.</summary>
    Select,
}

/// <summary>The bricks whose samples are most like the prompt.</summary>
sealed record RetrievalRoute(string Path, RouteRule Rule, RetrievalUse Use) : BrickRoute
{
    public override int? Top => Rule.TopK;

    public override bool ChoosesByText => true;

    /// <exception cref="UsageException">A setting is missing or wrong.</exception>
    public static RetrievalRoute Parse(RouteText text)
    {
        var path = text.Take("file", "INDEX.safetensors");
        var use = text.TryTake("use") switch
        {
            null or "mix" => RetrievalUse.Mix,
            "fuse" => RetrievalUse.Fuse,
            "select" => RetrievalUse.Select,
            var other => throw text.Wrong("use", other, "mix, fuse or select"),
        };
        return new RetrievalRoute(path, text.TakeRule(use == RetrievalUse.Select ? 1 : 3, RouteShares.Even), use);
    }

    public override LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent)
    {
        if (text is null)
            throw new UsageException("--route retrieve chooses bricks by the prompt; this verb has none.", "Ask: brick ask PROMPT --bricks FOLDER --route retrieve:file=F; or measure it: brick route FOLDER --router retrieve:file=F --corpus TEXT");
        if (!File.Exists(Path))
            throw new CheckpointException($"The file {Path} of --route retrieve does not exist.", "Make it: brick route FOLDER --router retrieve --examples ID=FILE --out INDEX.safetensors");
        NamedBrick[] chosen = [.. RetrievalRouter.Open(Path).Choose(model, text, Rule).Select(entry => Find(bricks, entry.Brick) is var found ? found with { Strength = found.Strength * entry.Weight } : found)];
        return Use == RetrievalUse.Fuse
            ? model.Plug(LoraSum.Of("fused", [.. chosen.Select(brick => brick.Brick)], [.. chosen.Select(brick => brick.Strength)], LoraSumOf.Factors), new PlugOptions { AnyParent = anyParent })
            : Stack(model, chosen, anyParent);
    }

    NamedBrick Find(IReadOnlyList<NamedBrick> bricks, string id)
    {
        foreach (var brick in bricks)
            if (brick.Brick.Id == id)
                return brick;
        throw new UsageException($"{Path} chooses brick '{id}', which is not there; found {string.Join(", ", bricks.Select(brick => brick.Brick.Id))}.", "Name the bricks it was made for: --bricks FOLDER");
    }
}
