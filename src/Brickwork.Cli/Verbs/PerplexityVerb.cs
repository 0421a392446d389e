using System.CommandLine;
using System.Globalization;
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
        ModelOptions.AddRunningTo(this);
    }

    protected override int Run(Invocation run)
    {
        Gate.Require(run, "perplexity", "nll", "bitsPerByte");
        var texts = run.Value(_files)!.Select(TextFile.Read).ToList();
        using var model = ModelOptions.Load(run);
        var options = new PerplexityOptions
        {
            Window = ModelOptions.Positive(run, _window),
            Stride = ModelOptions.Positive(run, _stride),
            Split = Enum.Parse<TextSplit>(run.Value(_split)!, ignoreCase: true),
            Limit = ModelOptions.Positive(run, _limit),
            Runner = ModelOptions.Runner(run),
        };
        var start = TimeProvider.System.GetTimestamp();
        var result = ProgressLine.Run(run.Output, "perplexity", report =>
            model.MeasurePerplexity(texts, options, new Reporter(report), run.Cancellation));
        Report(run, model, result, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
        return Gate.Check(run, new Dictionary<string, double>
        {
            ["perplexity"] = result.Perplexity, ["nll"] = result.Nll, ["bitsPerByte"] = result.BitsPerByte,
        });
    }

    static void Report(Invocation run, LanguageModel model, PerplexityResult result, double seconds)
    {
        if (run.Output.Json)
        {
            run.Output.WriteJson(json =>
            {
                json.WriteNumber("perplexity", result.Perplexity);
                json.WriteNumber("nll", result.Nll);
                json.WriteNumber("bitsPerByte", result.BitsPerByte);
                json.WriteNumber("tokens", result.Tokens);
                json.WriteNumber("pieces", result.Pieces);
                json.WriteNumber("seconds", Math.Round(seconds, 3));
            });
            return;
        }
        run.Output.Result.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"perplexity {result.Perplexity:F4}  nll {result.Nll:F4} nats/token  {result.BitsPerByte:F4} bits/byte"));
        new Card($"perplexity of {model.Config.Name}")
            .Row("tokens", $"{result.Tokens} in {result.Pieces} pieces")
            .Row("speed", Numbers.Rate(result.Tokens / Math.Max(seconds, 1e-9)))
            .Show(run.Output);
    }
}
