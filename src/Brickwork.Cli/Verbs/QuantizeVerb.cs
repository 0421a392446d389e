using System.CommandLine;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick quantize</c>: smaller weights, and what they cost.</summary>
sealed class QuantizeVerb : Verb
{
    readonly ConversionOptions _conversion = new();
    readonly Option<string> _type = new("--to") { Description = "Storage type: q8_0, q4_0, q4_k_m, …", Required = true };
    readonly Option<string?> _importance = new("--imatrix") { Description = "An importance matrix: which columns matter" };
    readonly Option<string?> _corpus = new("--corpus") { Description = "Text on which to measure what the rounding costs" };

    public QuantizeVerb() : base("quantize", "Store a model's weights in fewer bits")
    {
        _conversion.AddTo(this);
        Add(_type);
        Add(_importance);
        Add(_corpus);
        Add(Gate.Option);
    }

    protected override int Run(Invocation run)
    {
        Gate.RequireWith(_corpus, run, "kld", "perplexityRatio");
        var text = run.Value(_corpus) is { } file ? TextFile.Read(file) : null;
        var result = _conversion.Run(run, run.Value(_type), run.Value(_importance));
        var cost = text is null ? null : Cost(run, text);
        _conversion.Report(run, result, cost);
        return cost is null
            ? ExitCode.Good
            : Gate.Check(run, new Dictionary<string, double> { ["kld"] = cost.KlDivergence, ["perplexityRatio"] = cost.PerplexityRatio });
    }

    Comparison Cost(Invocation run, string text)
    {
        using var original = LanguageModel.Load(_conversion.Source(run));
        using var quantized = LanguageModel.Load(_conversion.Target(run));
        return ProgressLine.Run(run.Output, "compare", report => quantized.CompareWith(original, [text], null, new Reporter(report), run.Cancellation));
    }
}
