using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Routing;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick route</c>: makes what a router of bricks needs, and measures how well it chooses.</summary>
sealed class RouteVerb : Verb
{
    readonly Argument<string> _folder = new("SET") { Description = "A folder of bricks" };
    readonly Option<string> _router = new("--router")
    {
        Description = "arrow, gates, fuse, retrieve, lorahub, average or factors, with settings as in --route; or clusters, which groups bricks by their values",
        Required = true,
    };

    readonly Option<int?> _top = new("--top") { Description = "How many bricks work at once" };
    readonly Option<string[]> _examples = new("--examples") { Description = "Texts to learn from, PATH or ID=PATH for one brick's own: gates, fuse, retrieve, lorahub (repeatable)", DefaultValueFactory = _ => [] };
    readonly Option<string[]> _corpus = new("--corpus") { Description = "Texts to measure on (repeatable)", DefaultValueFactory = _ => [] };
    readonly Option<int> _limit = new("--limit") { Description = "Read this many documents of each text", DefaultValueFactory = _ => 32 };
    readonly Option<int?> _steps = new("--steps") { Description = "Steps of training or search [default: 100 for gates and fuse, 40 for lorahub]" };
    readonly Option<int?> _clusters = new("--clusters") { Description = "How many groups clusters makes [default: 10]" };
    readonly Option<string?> _out = new("--out") { Description = "What was learnt: a folder for gates; a brick for fuse and lorahub; a file for retrieve" };

    public RouteVerb() : base("route", "Make and measure a router that chooses among bricks")
    {
        Add(_folder);
        foreach (var option in (Option[])[_router, _top, _examples, _corpus, _limit, _steps, _clusters, _out, OutputFile.Force, Gate.Option])
            Add(option);
        ModelOptions.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        Gate.Require(run, "perplexity", "densePerplexity", "ratio");
        if (run.Value(_corpus)!.Length == 0 && run.Value(Gate.Option)!.Length > 0)
            throw new UsageException("--gate holds back nothing: without --corpus nothing is measured.", "Give --corpus, or leave --gate out.");
        if (run.Value(_limit) < 1)
            throw new UsageException($"--limit is {run.Value(_limit)}; expected a number above 0.", "Leave --limit out for the default.");
        var written = run.Value(_router)!;
        using var model = ModelOptions.Load(run);
        var bricks = BrickFolder.Find(run.Value(_folder)!).Select(path => new NamedBrick(PlugFlags.Open(path, model), 1)).ToList();
        if (written == "clusters")
            return Cluster(run, bricks);
        var fitting = new RouterFitting(run, model, RouteExamples.Read(run.Value(_examples)!, run.Value(_limit)), ModelOptions.Positive(run, _steps), run.Value(_out));
        var (route, routed, weights) = fitting.Fit(WithTop(run, written), bricks);
        var measured = Measure(run, model, route, routed);
        Report(run, bricks, route, weights, measured);
        return measured is { } found ? Gate.Check(run, new Dictionary<string, double>
        {
            ["perplexity"] = found.Perplexity, ["densePerplexity"] = found.Dense, ["ratio"] = found.Perplexity / found.Dense,
        }) : ExitCode.Good;
    }

    RouteText WithTop(Invocation run, string written) => ModelOptions.Positive(run, _top) is { } top
        ? RouteText.Parse(written).With("top", top.ToString(CultureInfo.InvariantCulture)) : RouteText.Parse(written);

    int Cluster(Invocation run, IReadOnlyList<NamedBrick> bricks)
    {
        var groups = BrickClusters.Find([.. bricks.Select(brick => brick.Brick)], new ClusterOptions { Clusters = ModelOptions.Positive(run, _clusters) ?? new ClusterOptions().Clusters })
            .Zip(bricks, (group, brick) => (Group: group, brick.Brick.Id)).GroupBy(entry => entry.Group, entry => entry.Id).ToList();
        if (!run.Output.Json)
            foreach (var group in groups)
                run.Output.Result.WriteLine(string.Join(' ', group));
        else
            run.Output.WriteJson(json =>
            {
                json.WriteString("router", "clusters");
                json.WriteStartArray("groups");
                foreach (var group in groups)
                {
                    json.WriteStartArray();
                    foreach (var id in group)
                        json.WriteStringValue(id);
                    json.WriteEndArray();
                }
                json.WriteEndArray();
            });
        return ExitCode.Good;
    }

    /// <summary>How well texts are foreseen, with the route and without bricks.</summary>
    Measured? Measure(Invocation run, LanguageModel model, BrickRoute route, IReadOnlyList<NamedBrick> bricks)
    {
        string[] texts = [.. new ExampleTexts { Paths = run.Value(_corpus)!, Documents = run.Value(_limit) }.Read()];
        if (texts.Length == 0)
            return null;
        return ProgressLine.Run(run.Output, "measuring", report =>
        {
            var anyParent = run.Value(PlugFlags.AnyParent);
            using var routed = route.ChoosesByText ? null : route.Plug(model, bricks, null, anyParent);
            var (nats, dense, tokens) = (0.0, 0.0, 0L);
            foreach (var (index, text) in texts.Index())
            {
                run.Cancellation.ThrowIfCancellationRequested();
                using var chosen = routed is null ? route.Plug(model, bricks, text, anyParent) : null;
                var (with, without) = ((routed ?? chosen!).MeasurePerplexity(text, cancellation: run.Cancellation), model.MeasurePerplexity(text, cancellation: run.Cancellation));
                (nats, dense, tokens) = (nats + with.Nll * with.Tokens, dense + without.Nll * without.Tokens, tokens + with.Tokens);
                report(index + 1, texts.Length);
            }
            return new Measured(Math.Exp(nats / tokens), Math.Exp(dense / tokens), tokens);
        });
    }

    void Report(Invocation run, IReadOnlyList<NamedBrick> bricks, BrickRoute route, IReadOnlyList<float>? weights, Measured? measured)
    {
        var active = Math.Min(route.Top ?? bricks.Count, bricks.Count) / (double)bricks.Count;
        if (run.Output.Json)
        {
            run.Output.WriteJson(json =>
            {
                json.WriteString("router", run.Value(_router));
                json.WriteNumber("activeFraction", active);
                if (measured is { } found)
                {
                    json.WriteNumber("perplexity", found.Perplexity);
                    json.WriteNumber("densePerplexity", found.Dense);
                    json.WriteNumber("tokens", found.Tokens);
                }
                json.WriteStartArray("bricks");
                foreach (var (index, brick) in bricks.Index())
                {
                    json.WriteStartObject();
                    json.WriteString("id", brick.Brick.Id);
                    if (weights is not null)
                        json.WriteNumber("weight", weights[index]);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
            return;
        }
        foreach (var (index, brick) in bricks.Index())
            run.Output.Result.WriteLine(weights is null ? brick.Brick.Id : string.Create(CultureInfo.InvariantCulture, $"{brick.Brick.Id,-24} weight {weights[index]:0.###}"));
        new Card($"route {run.Value(_router)}")
            .Row("works at once", string.Create(CultureInfo.InvariantCulture, $"{active:P0} of {bricks.Count} bricks"))
            .Row("perplexity", measured is { } some ? string.Create(CultureInfo.InvariantCulture, $"{some.Perplexity:F4}, without bricks {some.Dense:F4}, {some.Tokens} tokens") : null)
            .Row("written", run.Value(_out))
            .Show(run.Output);
    }

    readonly record struct Measured(double Perplexity, double Dense, long Tokens);
}
