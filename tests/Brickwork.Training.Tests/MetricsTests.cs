using Brickwork.TestKit;
using Brickwork.Training.Metrics;

namespace Brickwork.Training.Tests;

public sealed class MetricsTests
{
    [Fact]
    public void Lines_are_read_back_as_they_were_written()
    {
        MetricsRecord[] records =
        [
            Step(3),
            new EvaluationRecord(new EvaluationMetrics { Step = 3, Domains = new Dictionary<string, DomainMetrics> { ["law"] = new(12.5, 10, 40), ["日本"] = new(1, 2, 3) } }),
            new SampleRecord(new SampleMetrics(3, "Once \"upon\"", "a\ntime\u2028…")),
        ];

        foreach (var record in records)
        {
            var line = MetricsLine.Write(record);
            line.ShouldNotContain("\n");
            MetricsLine.Write(MetricsLine.TryRead(line)!).ShouldBe(line);
        }
    }

    [Fact]
    public void A_resumed_training_drops_what_it_will_do_again_and_what_is_torn()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("metrics.jsonl");
        using (var file = MetricsFile.Open(path, 0))
        {
            foreach (var step in (long[])[1, 2, 3, 4])
                file.Add(Step(step));
            file.Add(new EndRecord(2, false, "m", "c", null, null));
        }
        File.AppendAllText(path, "{\"kind\":\"step\",\"step\":1,\"los");

        using (var file = MetricsFile.Open(path, 2))
        {
            file.History.Steps.Select(step => step.Step).ShouldBe([1, 2]);
            file.Add(Step(3));
        }

        File.ReadAllLines(path).ShouldBe([.. ((long[])[1, 2, 3]).Select(step => MetricsLine.Write(Step(step)))]);
    }

    [Fact]
    public void Bits_per_byte_follow_from_nats_and_bytes()
    {
        var metrics = new EvaluationMetrics { Step = 1, Domains = new Dictionary<string, DomainMetrics> { ["a"] = new(Math.Log(2) * 8, 4, 4), ["b"] = new(0, 4, 4) } };

        metrics.Domains["a"].BitsPerByte.ShouldBe(2, 1e-12);
        metrics.BitsPerByte.ShouldBe(1, 1e-12);
        metrics.Loss.ShouldBe(Math.Log(2), 1e-12);
    }

    static StepRecord Step(long step) => new(new StepMetrics { Step = step, Loss = 1.25 * step, LearningRate = 1e-3, GradientNorm = 0.5, Tokens = step * 64, TokensPerSecond = 100, ShareOfPeak = 0.5, Seconds = step });
}
