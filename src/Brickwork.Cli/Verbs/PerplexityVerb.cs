using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick eval perplexity</c>: how well a model foresees texts.</summary>
sealed class PerplexityVerb : Verb
{
    readonly Argument<string[]> _files = new("files") { Description = "Text files", Arity = ArgumentArity.OneOrMore };
    readonly Option<int?> _window = new("--window") { Description = "Tokens the model sees at once [default: its context]" };
    readonly Option<int?> _stride = new("--stride") { Description = "Tokens from one window to the next [default: the window]" };
    readonly Option<string> _split = new("--split") { Description = "Cut the text into pieces that each begin with BOS: none, paragraph, line", DefaultValueFactory = _ => "none" };
    readonly Option<int?> _limit = new("--limit") { Description = "Measure only this many pieces" };

    public PerplexityVerb() : base("perplexity", "How well a model foresees texts")
    {
        _split.AcceptOnlyFromAmong("none", "paragraph", "line");
        Add(_files);
        Add(_window);
        Add(_stride);
        Add(_split);
        Add(_limit);
        Add(Gate.Option);
        Add(RouteFlags.Route);
        ModelOptions.AddRunningTo(this);
        EvictionFlags.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        var compares = EvictionFlags.SavesCache(run);
        Gate.Require(run, compares ? ["perplexity", "nll", "bitsPerByte", "ratio"] : ["perplexity", "nll", "bitsPerByte"]);
        var runner = EvictionFlags.Runner(run);
        var texts = run.Value(_files)!.Select(TextFile.Read).ToList();
        using var routed = RouteFlags.Load(run, text: null);
        var model = routed.Model;
        var options = new PerplexityOptions
        {
            Window = ModelOptions.Positive(run, _window),
            Stride = ModelOptions.Positive(run, _stride),
            Split = Enum.Parse<TextSplit>(run.Value(_split)!, ignoreCase: true),
            Limit = ModelOptions.Positive(run, _limit),
            Runner = routed.Runner(runner),
        };
        var start = TimeProvider.System.GetTimestamp();
        var (result, dense) = ProgressLine.Run(run.Output, "perplexity", report => Measure(model, texts, options, compares, new Reporter(report), run));
        Report(run, model, result, dense, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
        var measured = new Dictionary<string, double>
        {
            ["perplexity"] = result.Perplexity, ["nll"] = result.Nll, ["bitsPerByte"] = result.BitsPerByte,
        };
        if (dense is not null)
            measured["ratio"] = result.Perplexity / dense.Perplexity;
        return Gate.Check(run, measured);
    }

    static (PerplexityResult Result, PerplexityResult? Dense) Measure(
        LanguageModel model, IReadOnlyList<string> texts, PerplexityOptions options, bool compares, Reporter report, Invocation run)
    {
        if (!compares)
            return (model.MeasurePerplexity(texts, options, report, run.Cancellation), null);
        var cost = model.MeasureCacheCost(texts, options, report, run.Cancellation);
        return (cost.Small, cost.Dense);
    }

    static void Report(Invocation run, LanguageModel model, PerplexityResult result, PerplexityResult? dense, double seconds)
    {
        if (run.Output.Json)
        {
            run.Output.WriteJson(json => Write(json, result, dense, seconds));
            return;
        }
        run.Output.Result.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"perplexity {result.Perplexity:F4}  nll {result.Nll:F4} nats/token  {result.BitsPerByte:F4} bits/byte"));
        new Card($"perplexity of {model.Config.Name}")
            .Row("tokens", $"{result.Tokens} in {result.Pieces} pieces")
            .Row("cache", Numbers.Bytes(result.CacheBytes))
            .Row("with all in F32", dense is null ? null : string.Create(CultureInfo.InvariantCulture,
                $"perplexity {dense.Perplexity:F4}, cache {Numbers.Bytes(dense.CacheBytes)}"))
            .Row("cost", dense is null ? null : string.Create(CultureInfo.InvariantCulture, $"perplexity × {result.Perplexity / dense.Perplexity:F4}"))
            .Row("speed", Numbers.Rate(result.Tokens * (dense is null ? 1 : 2) / Math.Max(seconds, 1e-9)))
            .Show(run.Output);
    }

    static void Write(Utf8JsonWriter json, PerplexityResult result, PerplexityResult? dense, double seconds)
    {
        json.WriteNumber("perplexity", result.Perplexity);
        json.WriteNumber("nll", result.Nll);
        json.WriteNumber("bitsPerByte", result.BitsPerByte);
        json.WriteNumber("tokens", result.Tokens);
        json.WriteNumber("pieces", result.Pieces);
        json.WriteNumber("cacheBytes", result.CacheBytes);
        if (dense is not null)
        {
            json.WriteNumber("densePerplexity", dense.Perplexity);
            json.WriteNumber("denseCacheBytes", dense.CacheBytes);
            json.WriteNumber("ratio", result.Perplexity / dense.Perplexity);
        }
        json.WriteNumber("seconds", Math.Round(seconds, 3));
    }
}
