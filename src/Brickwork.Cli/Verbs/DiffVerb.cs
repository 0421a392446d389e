using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Formats.Writing;
using Brickwork.Models.Conversion;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick diff</c>: in which tensors two models differ, and how far their expectations are apart.</summary>
sealed class DiffVerb : Verb
{
    readonly Argument<string> _first = new("A") { Description = "A model" };
    readonly Argument<string> _second = new("B") { Description = "Another, into which --plug plugs" };
    readonly Option<string?> _corpus = new("--corpus") { Description = "Text on which to measure how far B's expectations are from A's" };

    public DiffVerb() : base("diff", "Compare two models tensor by tensor")
    {
        Add(_first);
        Add(_second);
        Add(_corpus);
        Add(Gate.Option);
        ModelOptions.AddRunningTo(this);
    }

    protected override int Run(Invocation run)
    {
        Gate.Require(run, run.Value(_corpus) is null ? ["maxDifference"] : ["maxDifference", "kld", "perplexityRatio"]);
        var options = ModelOptions.Read(run);
        using var first = ModelOptions.Load(run, run.Value(_first), options);
        using var second = PlugFlags.Apply(run, ModelOptions.Load(run, run.Value(_second), options));
        var difference = ProgressLine.Run(run.Output, "diff", report => CheckpointDifference.Measure(first.Checkpoint, second.Checkpoint, report, run.Cancellation));
        var measuring = new PerplexityOptions { Runner = ModelOptions.Runner(run) };
        var comparison = run.Value(_corpus) is { } corpus
            ? second.CompareWith(first, [TextFile.Read(corpus)], measuring, cancellation: run.Cancellation)
            : null;
        Report(run, difference, comparison);
        var measured = new Dictionary<string, double> { ["maxDifference"] = difference.Tensors.Select(tensor => tensor.Largest).DefaultIfEmpty(0).Max() };
        if (comparison is not null)
            (measured["kld"], measured["perplexityRatio"]) = (comparison.KlDivergence, comparison.PerplexityRatio);
        return Gate.Check(run, measured);
    }

    static void Report(Invocation run, CheckpointDifference difference, Comparison? comparison)
    {
        if (run.Output.Json)
        {
            WriteJson(run, difference, comparison);
            return;
        }
        foreach (var tensor in difference.Tensors.Where(tensor => !tensor.IsSame))
            run.Output.Result.WriteLine(Line(tensor));
        foreach (var name in difference.OnlyFirst)
            run.Output.Result.WriteLine($"{name,-40} only in A");
        foreach (var name in difference.OnlySecond)
            run.Output.Result.WriteLine($"{name,-40} only in B");
        new Card("difference")
            .Row("tensors", $"{difference.Tensors.Count(tensor => !tensor.IsSame)} of {difference.Tensors.Count} differ")
            .Row("expectations", comparison is null ? null : string.Create(CultureInfo.InvariantCulture,
                $"KL divergence {comparison.KlDivergence:E3} nats/token, perplexity × {comparison.PerplexityRatio:F4}, same favourite {comparison.TopAgreement:P1}"))
            .Show(run.Output);
    }

    static string Line(TensorDifference tensor)
    {
        var types = tensor.First.Type == tensor.Second.Type ? "" : $"  {tensor.First.Type} and {tensor.Second.Type}";
        return tensor.First.Shape != tensor.Second.Shape
            ? $"{tensor.Name,-40} {tensor.First.Shape} and {tensor.Second.Shape}{types}"
            : string.Create(CultureInfo.InvariantCulture,
                $"{tensor.Name,-40} mean {tensor.Mean:E2}  largest {tensor.Largest:E2}  relative {tensor.Relative:E2}  cosine {tensor.Cosine:F6}{types}");
    }

    static void WriteJson(Invocation run, CheckpointDifference difference, Comparison? comparison) => run.Output.WriteJson(json =>
    {
        json.WriteStartArray("tensors");
        foreach (var tensor in difference.Tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            WriteInfo(json, "A", tensor.First);
            WriteInfo(json, "B", tensor.Second);
            foreach (var (name, value) in (ReadOnlySpan<(string, double)>)
                [("rms", tensor.Rms), ("mean", tensor.Mean), ("largest", tensor.Largest), ("relative", tensor.Relative), ("cosine", tensor.Cosine)])
                if (double.IsFinite(value))
                    json.WriteNumber(name, value);
                else
                    json.WriteNull(name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteTexts("onlyA", difference.OnlyFirst);
        json.WriteTexts("onlyB", difference.OnlySecond);
        if (comparison is null)
            json.WriteNull("kld");
        else
        {
            json.WriteNumber("kld", comparison.KlDivergence);
            json.WriteNumber("maxKld", comparison.MaxKlDivergence);
            json.WriteNumber("perplexityRatio", comparison.PerplexityRatio);
            json.WriteNumber("topAgreement", comparison.TopAgreement);
        }
    });

    static void WriteInfo(Utf8JsonWriter json, string model, TensorInfo tensor)
    {
        json.WriteString("type" + model, tensor.Type.ToString());
        json.WriteShape("shape" + model, tensor.Shape);
    }
}
