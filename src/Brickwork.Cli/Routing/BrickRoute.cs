using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Routing;

/// <summary>A brick and how strongly the user wants it.</summary>
readonly record struct NamedBrick(Brick Brick, float Strength);

/// <summary>How several bricks work together on a text.</summary>
abstract record BrickRoute
{
    /// <summary>What the user may write, for the help.</summary>
    public const string Known = "average, factors, split:at=N, parallel, arrow, gates, fuse:file=F, retrieve:file=F";

    /// <summary>The model with the bricks; the model given stays as it is.</summary>
    /// <param name="model">The model.</param>
    /// <param name="bricks">What the user named, in order.</param>
    /// <param name="text">What is asked; null where a verb has no one text.</param>
    /// <param name="anyParent">Whether bricks for another model are taken.</param>
    public abstract LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent);

    /// <summary>How many bricks work at once; null = all.</summary>
    public virtual int? Top => null;

    /// <summary>Whether it chooses anew for every text.</summary>
    public virtual bool ChoosesByText => false;

    /// <summary>Which bricks work on the text, where that is not as they were plugged; several choices are several answers.</summary>
    public virtual IReadOnlyList<BrickStrengths> Choices(IReadOnlyList<NamedBrick> bricks) => [];

    /// <exception cref="UsageException">There is no such route, or a setting of it is wrong.</exception>
    public static BrickRoute Parse(string text) => Of(RouteText.Parse(text));

    /// <inheritdoc cref="Parse"/>
    public static BrickRoute Of(RouteText written)
    {
        BrickRoute route = written.Kind switch
        {
            "average" => new AverageRoute(),
            "factors" => new FactorRoute(),
            "split" => SplitRoute.Parse(written),
            "parallel" => new ParallelRoute(),
            "arrow" => new ArrowRoute(written.TakeRule(3), written.TakeList("general")),
            "gates" => new GateRoute(written.TakeRule(2)),
            "fuse" => new FuseRoute(written.Take("file", "FUSION.brick")),
            "retrieve" => RetrievalRoute.Parse(written),
            _ => throw new UsageException($"There is no route '{written.Kind}'; expected one of {Known}.", "Without --route, bricks work one on top of the other."),
        };
        written.CheckNothingIsLeft();
        return route;
    }

    /// <summary>Plugs one brick after the other.</summary>
    protected static LanguageModel Stack(LanguageModel model, IEnumerable<NamedBrick> bricks, bool anyParent)
    {
        var plugged = model.With(model.Decoder);
        foreach (var (brick, strength) in bricks)
        {
            using var before = plugged;
            plugged = before.Plug(brick, new PlugOptions { Strength = strength, AnyParent = anyParent });
        }
        return plugged;
    }

    /// <exception cref="UsageException">The user gave a strength to a brick whose weight the route decides.</exception>
    protected static IReadOnlyList<Brick> WithoutStrengths(IReadOnlyList<NamedBrick> bricks, string route) =>
        bricks.Any(brick => brick.Strength != 1) ? throw new UsageException(
            $"Brick '{bricks.First(brick => brick.Strength != 1).Brick.Id}' has a strength, but --route {route} decides how strongly it works.", "Leave the strength out.")
        : [.. bricks.Select(brick => brick.Brick)];
}

/// <summary>One brick on top of the other.</summary>
sealed record StackRoute : BrickRoute
{
    public override LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent) => Stack(model, bricks, anyParent);
}

/// <summary>The mean of what the bricks do.</summary>
sealed record AverageRoute : BrickRoute
{
    public override LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent) =>
        Stack(model, bricks.Select(brick => brick with { Strength = brick.Strength / bricks.Count }), anyParent);
}

/// <summary>One brick of the mean of their parameters.</summary>
sealed record FactorRoute : BrickRoute
{
    public override LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent)
    {
        // A sum of bricks with different parents names none.
        foreach (var brick in bricks)
            BrickPlugging.RequireParent(model, brick.Brick, anyParent);
        return model.Plug(
            LoraSum.Of("factors", [.. bricks.Select(brick => brick.Brick)], [.. bricks.Select(brick => brick.Strength / bricks.Count)], LoraSumOf.Factors),
            new PlugOptions { AnyParent = anyParent });
    }
}

/// <summary>Each brick by itself, answer beside answer.</summary>
sealed record ParallelRoute : BrickRoute
{
    public override LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent) => Stack(model, bricks, anyParent);

    public override IReadOnlyList<BrickStrengths> Choices(IReadOnlyList<NamedBrick> bricks) => [.. bricks.Select(brick => BrickStrengths.Only(brick.Brick.Id, brick.Strength))];
}

/// <summary>Every row of every slot by itself, by where each brick looks.</summary>
sealed record ArrowRoute(RouteRule Rule, string[] General) : BrickRoute
{
    public override int? Top => Rule.TopK;

    public override LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent)
    {
        var all = WithoutStrengths(bricks, "arrow");
        var general = General.Select(id => all.FirstOrDefault(brick => brick.Id == id) ?? throw new UsageException(
            $"There is no brick '{id}' to be general; found {string.Join(", ", all.Select(brick => brick.Id))}.", "Name general bricks by their ids: --route arrow:general=ID+ID")).ToList();
        if (general.Count > 0)
            all = GeneralKnowledge.Subtract([.. all.Except(general)], general);
        return model.Route(all, ArrowRouter.Of(model, all), new RouteOptions { Id = "arrow", Rule = Rule, AnyParent = anyParent });
    }
}

/// <summary>Every row of every slot by itself, by gates that were trained.</summary>
sealed record GateRoute(RouteRule Rule) : BrickRoute
{
    public override int? Top => Rule.TopK;

    public override LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent)
    {
        var all = WithoutStrengths(bricks, "gates");
        return model.Route(all, GateRouter.Of(model, all), new RouteOptions { Id = "gates", Rule = Rule, AnyParent = anyParent });
    }
}

/// <summary>Attention over what the bricks do.</summary>
sealed record FuseRoute(string Path) : BrickRoute
{
    public override LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent) => model.Fuse(
        WithoutStrengths(bricks, "fuse"), File.Exists(Path) ? Brick.Open(Path, model) : throw new CheckpointException($"The fusion {Path} does not exist.", "Train one: brick route FOLDER --router fuse --examples FILE --out FUSION.brick"),
        new PlugOptions { AnyParent = anyParent });
}
