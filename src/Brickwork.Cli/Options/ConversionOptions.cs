using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>What <c>convert</c> and <c>quantize</c> share: source, target, and how the result is told.</summary>
sealed class ConversionOptions
{
    readonly Argument<string> _source = new("IN") { Description = "A .gguf file, a Hugging Face folder, a llama2.c .bin, or a model's name" };
    readonly Argument<string> _target = new("OUT") { Description = "A .gguf file, or a folder for the Hugging Face form" };
    readonly Option<long?> _split = new("--split") { Description = "Largest file in bytes; more is written as several files" };

    public void AddTo(Command verb)
    {
        verb.Add(_source);
        verb.Add(_target);
        verb.Add(_split);
        verb.Add(OutputFile.Force);
        verb.Add(ModelOptions.Tokenizer);
        verb.Add(ModelOptions.Threads);
    }

    public string Source(Invocation run) => run.Value(_source)!;

    public string Target(Invocation run) => run.Value(_target)!;

    public ConvertReport Run(Invocation run, string? type, string? importance)
    {
        OutputFile.CheckFree(Target(run), run);
        if (type is not null && !ModelConverter.Types.Contains(type, StringComparer.OrdinalIgnoreCase))
            throw new UsageException($"The storage type '{type}' is not known; expected one of {string.Join(", ", ModelConverter.Types).ToLowerInvariant()}.", "q4_k_m and q8_0 are usual.");
        return ProgressLine.Run(run.Output, "convert", report => ModelConverter.Convert(Source(run), Target(run), new ConvertOptions
        {
            Type = type,
            ImportanceMatrix = importance,
            TokenizerPath = run.Value(ModelOptions.Tokenizer),
            MaxFileBytes = run.Value(_split),
            Overwrite = run.Value(OutputFile.Force),
            Progress = report,
            Threads = ModelOptions.ThreadCount(run),
            CancellationToken = run.Cancellation,
        }));
    }

    public void Report(Invocation run, ConvertReport result, Comparison? cost)
    {
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                json.WriteNumber("bytesIn", result.BytesIn);
                json.WriteNumber("bytesOut", result.BytesOut);
                json.WriteNumber("tensors", result.Tensors);
                if (cost is null)
                    return;
                json.WriteNumber("kld", cost.KlDivergence);
                json.WriteNumber("perplexityRatio", cost.PerplexityRatio);
            });
        new Card(Path.GetFileName(Target(run)))
            .Row("tensors", result.Tensors.ToString(CultureInfo.InvariantCulture))
            .Row("size", string.Create(CultureInfo.InvariantCulture, $"{Numbers.Bytes(result.BytesIn)} → {Numbers.Bytes(result.BytesOut)} ({(double)result.BytesOut / result.BytesIn:P0})"))
            .Row("other types", result.Fallbacks.Count == 0 ? null : string.Join(", ", result.Fallbacks.GroupBy(tensor => tensor.Type).Select(group => $"{group.Count()} × {group.Key}")) + ", whose rows do not divide into blocks")
            .Row("cost", cost is null ? null : string.Create(CultureInfo.InvariantCulture,
                $"KL divergence {cost.KlDivergence:E3} nats/token, perplexity × {cost.PerplexityRatio:F4}, same favourite {cost.TopAgreement:P1}"))
            .Show(run.Output);
    }
}
