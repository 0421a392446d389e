using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;
using Brickwork.Formats.Writing;

namespace Brickwork.Cli.Routing;

/// <summary>A route that can be measured: with which bricks, and with which weights where one was searched for.</summary>
readonly record struct FittedRoute(BrickRoute Route, IReadOnlyList<NamedBrick> Bricks, IReadOnlyList<float>? Weights = null);

/// <summary>Learns from examples what a router needs, and writes it.</summary>
sealed class RouterFitting(Invocation run, LanguageModel model, RouteExamples examples, int? steps, string? target)
{
    /// <exception cref="UsageException">Examples or the target are missing, or are not needed.</exception>
    public FittedRoute Fit(RouteText written, IReadOnlyList<NamedBrick> bricks)
    {
        if (written.Kind == "lorahub")
            return Search(written, bricks);
        if (!examples.Any)
            return target is null ? new FittedRoute(BrickRoute.Of(written), bricks)
                : throw new UsageException($"--out {target} is given, but without --examples nothing is learnt.", "Give texts to learn from, or leave --out out.");
        return written.Kind switch
        {
            "gates" => Gates(written, bricks),
            "fuse" => Fuse(written, bricks),
            "retrieve" => Retrieve(written, bricks),
            _ => throw new UsageException($"--examples are given, but the router '{written.Kind}' learns nothing.", "Measure on texts with --corpus instead."),
        };
    }

    FittedRoute Gates(RouteText written, IReadOnlyList<NamedBrick> bricks)
    {
        var folder = Target();
        OutputFile.CheckFree(folder, run);
        var route = BrickRoute.Of(written);
        var texts = examples.FilesOf(bricks);
        var options = Short();
        NamedBrick[] gated = [.. bricks.Select((brick, index) => brick with
        {
            Brick = Working("gates", options.Steps, (report, cancellation) =>
                model.TrainGates(brick.Brick, texts[brick.Brick.Id], options, new StepReport(done => report(index * options.Steps + done)), cancellation), bricks.Count),
        })];
        // A new folder appears when all of it is there; one that exists may hold other bricks, and gets these one by one.
        using var whole = Directory.Exists(folder) ? null : new AtomicFolder(folder, ExistingFiles.Refuse);
        foreach (var brick in gated)
            brick.Brick.Save(Path.Combine(whole?.WorkPath ?? folder, brick.Brick.Id + ".brick"), OutputFile.Existing(run));
        whole?.Commit();
        return new FittedRoute(route, gated);
    }

    FittedRoute Fuse(RouteText written, IReadOnlyList<NamedBrick> bricks)
    {
        var (path, options) = (Target(), Short());
        OutputFile.Check(path, run);
        var route = BrickRoute.Of(written.With("file", path));
        Brick[] all = [.. bricks.Select(brick => brick.Brick)];
        var start = new NewFusion { Id = Path.GetFileNameWithoutExtension(path) };
        Working("fusion", options.Steps, (report, cancellation) =>
            model.TrainFusion(all, start, examples.Files, options, new StepReport(report), cancellation)).Save(path, OutputFile.Existing(run));
        return new FittedRoute(route, bricks);
    }

    FittedRoute Retrieve(RouteText written, IReadOnlyList<NamedBrick> bricks)
    {
        var path = Target();
        OutputFile.Check(path, run);
        var route = BrickRoute.Of(written.With("file", path));
        RetrievalRouter.Fit(model, examples.Of(bricks)).Save(path, OutputFile.Existing(run));
        return new FittedRoute(route, bricks);
    }

    FittedRoute Search(RouteText written, IReadOnlyList<NamedBrick> bricks)
    {
        var sum = written.TryTake("sum") switch
        {
            null or "products" => LoraSumOf.Products,
            "factors" => LoraSumOf.Factors,
            var other => throw written.Wrong("sum", other, "products or factors"),
        };
        written.CheckNothingIsLeft();
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

    ShortTraining Short()
    {
        var usual = new ShortTraining { AnyParent = run.Value(PlugFlags.AnyParent) };
        return steps is { } count ? usual with { Steps = count } : usual;
    }

    string Target() => target ?? throw new UsageException("There is no place for what is learnt.", "Name one: --out PATH");

    T Working<T>(string title, int total, Func<Action<int>, CancellationToken, T> work, int times = 1) =>
        ProgressLine.Run(run.Output, title, report => work(done => report(done, (long)total * times), run.Cancellation));

    sealed class StepReport(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
