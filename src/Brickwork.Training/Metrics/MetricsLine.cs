using System.Text.Encodings.Web;
using System.Text.Json;
using Brickwork.Formats.Writing;

namespace Brickwork.Training.Metrics;

/// <summary>A record as one line of JSON, and back.</summary>
static class MetricsLine
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(MetricsRecord record) => JsonWriting.Text(json => Write(json, record), Options);

    /// <summary>The record of a line; null where it is no whole one.</summary>
    public static MetricsRecord? TryRead(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return Read(json.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    static void Write(Utf8JsonWriter json, MetricsRecord record)
    {
        switch (record)
        {
            case StepRecord { Metrics: var step }:
                json.WriteString("kind", "step");
                WriteStep(json, step);
                break;
            case EvaluationRecord { Metrics: var evaluation }:
                json.WriteString("kind", "evaluation");
                json.WriteNumber("step", evaluation.Step);
                WriteEvaluation(json, evaluation);
                break;
            case SampleRecord { Metrics: var sample }:
                json.WriteString("kind", "sample");
                json.WriteNumber("step", sample.Step);
                json.WriteString("prompt", sample.Prompt);
                json.WriteString("text", sample.Text);
                break;
            case EndRecord end:
                WriteEnd(json, end);
                break;
        }
    }

    static void WriteStep(Utf8JsonWriter json, StepMetrics step)
    {
        json.WriteNumber("step", step.Step);
        json.WriteNumber("loss", step.Loss);
        json.WriteNumber("learningRate", (float)step.LearningRate);
        json.WriteNumber("gradientNorm", step.GradientNorm);
        json.WriteNumber("tokens", step.Tokens);
        json.WriteNumber("tokensPerSecond", Math.Round(step.TokensPerSecond, 1));
        if (step.ShareOfPeak is { } share)
            json.WriteNumber("shareOfPeak", Math.Round(share, 4));
        json.WriteNumber("seconds", Math.Round(step.Seconds, 3));
    }

    static void WriteEvaluation(Utf8JsonWriter json, EvaluationMetrics evaluation)
    {
        json.WriteNumber("heldOutLoss", evaluation.Loss);
        json.WriteNumber("bitsPerByte", evaluation.BitsPerByte);
        json.WriteStartObject("domains");
        foreach (var (name, domain) in evaluation.Domains)
        {
            json.WriteStartObject(name);
            json.WriteNumber("bitsPerByte", domain.BitsPerByte);
            json.WriteNumber("nats", domain.Nats);
            json.WriteNumber("tokens", domain.Tokens);
            json.WriteNumber("bytes", domain.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WriteEnd(Utf8JsonWriter json, EndRecord end)
    {
        json.WriteString("kind", "end");
        json.WriteBoolean("complete", end.IsComplete);
        if (end.LastStep is { } step)
            WriteStep(json, step);
        else
            json.WriteNumber("step", end.StepsDone);
        if (end.LastEvaluation is { } evaluation)
            WriteEvaluation(json, evaluation);
        json.WriteString("model", end.Model);
        json.WriteString("checkpoint", end.Checkpoint);
    }

    static MetricsRecord? Read(JsonElement json) => json.GetProperty("kind").GetString() switch
    {
        "step" => new StepRecord(ReadStep(json)),
        "evaluation" => new EvaluationRecord(ReadEvaluation(json)),
        "sample" => new SampleRecord(new(json.GetProperty("step").GetInt64(), json.GetProperty("prompt").GetString()!, json.GetProperty("text").GetString()!)),
        "end" => new EndRecord(json.GetProperty("step").GetInt64(), json.GetProperty("complete").GetBoolean(), json.GetProperty("model").GetString()!,
            json.GetProperty("checkpoint").GetString()!, null, null),
        _ => null,
    };

    static StepMetrics ReadStep(JsonElement json) => new()
    {
        Step = json.GetProperty("step").GetInt64(),
        Loss = json.GetProperty("loss").GetDouble(),
        LearningRate = json.GetProperty("learningRate").GetDouble(),
        GradientNorm = json.GetProperty("gradientNorm").GetDouble(),
        Tokens = json.GetProperty("tokens").GetInt64(),
        TokensPerSecond = json.GetProperty("tokensPerSecond").GetDouble(),
        ShareOfPeak = json.TryGetProperty("shareOfPeak", out var share) ? share.GetDouble() : null,
        Seconds = json.GetProperty("seconds").GetDouble(),
    };

    static EvaluationMetrics ReadEvaluation(JsonElement json) => new()
    {
        Step = json.GetProperty("step").GetInt64(),
        Domains = json.GetProperty("domains").EnumerateObject().ToDictionary(domain => domain.Name, domain => new DomainMetrics(
            domain.Value.GetProperty("nats").GetDouble(), domain.Value.GetProperty("tokens").GetInt64(), domain.Value.GetProperty("bytes").GetInt64())),
    };
}
