using Brickwork.Bricks.Route;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Routing;

/// <summary>A route that can be measured: with which bricks, and with which weights where one was searched for.</summary>
readonly record struct FittedRoute(BrickRoute Route, IReadOnlyList<NamedBrick> Bricks, IReadOnlyList<float>? Weights = null);

/// <summary>Learns from examples what a router needs, and writes it.</summary>
sealed class RouterFitting(Invocation run, LanguageModel model, RouteExamples examples, int? steps, string? target)
{
    /// <exception cref="UsageException">Examples or the target are missing, or are not needed.</exception>
    public FittedRoute Fit(string written, IReadOnlyList<NamedBrick> bricks)
    {
        var kind = RouteText.Parse(written).Kind;
        if (kind == "lorahub")
            return Search(written, bricks);
        if (!examples.Any)
            return target is null ? new FittedRoute(BrickRoute.Parse(written), bricks)
                : throw new UsageException($"--out {target} is given, but without --examples nothing is learnt.", "Give texts to learn from, or leave --out out.");
        return kind switch
        {
            "gates" => Gates(written, bricks),
            "fuse" => Fuse(written, bricks),
            "retrieve" => Retrieve(written, bricks),
            _ => throw new UsageException($"--examples are given, but the router '{kind}' learns nothing.", "Measure on texts with --corpus instead."),
        };
    }

    FittedRoute Gates(string written, IReadOnlyList<NamedBrick> bricks)
    {
        var folder = Target();
        OutputFile.CheckFree(folder, run);
        var route = BrickRoute.Parse(written);
        var texts = examples.Of(bricks);
        var options = Short();
        NamedBrick[] gated = [.. bricks.Select((brick, index) => brick with
        {
            Brick = Working("gates", options.Steps, (report, cancellation) =>
                model.TrainGates(brick.Brick, TextBatches.Of(model, texts[brick.Brick.Id]), options, new StepReport(done => report(index * options.Steps + done)), cancellation), bricks.Count),
        })];
        Directory.CreateDirectory(folder);
        foreach (var brick in gated)
            brick.Brick.Save(Path.Combine(folder, brick.Brick.Id + ".brick"), OutputFile.Existing(run));
        return new FittedRoute(route, gated);
    }

    FittedRoute Fuse(string written, IReadOnlyList<NamedBrick> bricks)
    {
        var (path, options) = (Target(), Short());
        OutputFile.Check(path, run);
        var route = BrickRoute.Parse(RouteText.With(written, "file", path));
        Brick[] all = [.. bricks.Select(brick => brick.Brick)];
        var start = new NewFusion { Id = Path.GetFileNameWithoutExtension(path) }.Make(model, all);
        Working("fusion", options.Steps, (report, cancellation) =>
            model.TrainFusion(all, start, TextBatches.Of(model, examples.All), options, new StepReport(report), cancellation)).Save(path, OutputFile.Existing(run));
        return new FittedRoute(route, bricks);
    }

    FittedRoute Retrieve(string written, IReadOnlyList<NamedBrick> bricks)
    {
        var path = Target();
        OutputFile.Check(path, run);
        var route = BrickRoute.Parse(RouteText.With(written, "file", path));
        RetrievalRouter.Fit(model, examples.Of(bricks)).Save(path, OutputFile.Existing(run));
        return new FittedRoute(route, bricks);
    }

    FittedRoute Search(string written, IReadOnlyList<NamedBrick> bricks)
    {
        var text = RouteText.Parse(written);
        var sum = text.TryTake("sum") switch
        {
            null or "products" => LoraSumOf.Products,
            "factors" => LoraSumOf.Factors,
            var other => throw text.Wrong("sum", other, "products or factors"),
        };
        text.CheckNothingIsLeft();
        OutputFile.Check(target, run);
        if (!examples.Any)
            throw new UsageException("LoraHub searches for weights on examples; there are none.", "Give some: --examples FILE");
        var options = new LoraHubOptions { Sum = sum };
        options = options with { Id = Path.GetFileNameWithoutExtension(target) ?? options.Id, Steps = steps ?? options.Steps, AnyParent = run.Value(PlugFlags.AnyParent) };
        var found = Working("lorahub", options.Steps, (report, cancellation) => LoraHub.Search(
            model, [.. bricks.Select(brick => brick.Brick)], candidate => candidate.MeasurePerplexity(examples.All, cancellation: cancellation).Nll, options, new StepReport(report), cancellation));
        if (target is not null)
            found.Brick.Save(target, OutputFile.Existing(run));
        return new FittedRoute(new StackRoute(), [new NamedBrick(found.Brick, 1)], found.Weights);
    }

    ShortTraining Short() => steps is { } count ? new ShortTraining { Steps = count } : new ShortTraining();

    string Target() => target ?? throw new UsageException("There is no place for what is learnt.", "Name one: --out PATH");

    T Working<T>(string title, int total, Func<Action<int>, CancellationToken, T> work, int times = 1) =>
        ProgressLine.Run(run.Output, title, report => work(done => report(done, (long)total * times), run.Cancellation));

    sealed class StepReport(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
