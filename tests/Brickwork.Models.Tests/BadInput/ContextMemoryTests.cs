using System.Globalization;
using System.Text.RegularExpressions;
using Brickwork.Models.Cache;
using Brickwork.Models.Running;
using Brickwork.TestKit;

namespace Brickwork.Models.Tests.BadInput;

/// <summary>A context that somebody asks for is refused at once where it could never be filled; one that nobody asked for is as long as memory lasts.</summary>
public sealed partial class ContextMemoryTests
{
    const long Gigabyte = 1_000_000_000;
    const int PicoLayers = 2;

    [Theory]
    [InlineData("llama", CacheType.F16)]
    [InlineData("windowed", CacheType.F16)]
    [InlineData("quantized", CacheType.Q8_0)]
    public void The_context_that_a_refusal_names_can_be_filled_and_one_more_cannot(string name, CacheType type)
    {
        using var model = LanguageModel.From(BadModel.Pico(name), new LoadOptions { Threads = 1 });
        var options = new RunnerOptions { CacheType = type, CacheBytes = 60_000, ChunkRows = 16 };

        var fits = LongestNamed(Should.Throw<MemoryLimitException>(() => model.CreateRunner(options with { Context = int.MaxValue })));

        Should.Throw<MemoryLimitException>(() => model.CreateRunner(options with { Context = fits + 1 }));
        using var runner = model.CreateRunner(options with { Context = fits });
        using var sequence = runner.StartSequence();
        runner.Forward(sequence, [.. Enumerable.Range(0, fits).Select(place => place % 300)]);
        sequence.Length.ShouldBe(fits);
    }

    [Fact]
    public void A_context_larger_than_the_machine_is_refused_with_what_it_takes_and_what_there_is()
    {
        using var model = PicoModel.Llama();

        var fault = Should.Throw<MemoryLimitException>(() => model.CreateRunner(new RunnerOptions { Context = int.MaxValue, CacheType = CacheType.F32 }));

        var page = new CacheShape(KvHeads: 2, KeyWidth: 8, ValueWidth: 8, CacheType.F32).PageBytes;
        fault.Message.ShouldContain($"{PicoLayers * page * (1L << 31) / 64 / (double)Gigabyte:N1} GB");
        fault.Message.ShouldContain($"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)Gigabyte:N1} GB");
        fault.NextStep.ShouldContain("--kv q8_0");
    }

    [Fact]
    public void Asking_when_the_model_is_loaded_is_asking()
    {
        using var model = PicoModel.Llama(new LoadOptions { Context = int.MaxValue });
        using var changed = model.With(SlotPath.Layer(0), model.Decoder.Find(SlotPath.Layer(1)));

        Should.Throw<MemoryLimitException>(() => model.CreateRunner(new RunnerOptions { CacheBytes = Gigabyte }));
        Should.Throw<MemoryLimitException>(() => changed.CreateRunner(new RunnerOptions { CacheBytes = Gigabyte }));
    }

    [Fact]
    public void A_trained_context_that_no_memory_holds_refuses_nothing()
    {
        using var model = LanguageModel.From(PicoModel.LlamaCheckpoint().With("llama.context_length", int.MaxValue));
        using var runner = model.CreateRunner(new RunnerOptions { CacheBytes = 100_000 });
        using var sequence = runner.StartSequence();

        runner.Forward(sequence, [1, 2, 3]);

        runner.Context.ShouldBe(int.MaxValue);
        sequence.Length.ShouldBe(3);
    }

    [Theory]
    [InlineData(4, 24, null, 20)]
    [InlineData(30, 24, null, 12)]
    [InlineData(4, 24, 7, 7)]
    public void Sequences_may_take_what_the_weights_leave_or_half_or_what_is_given(long weights, long machine, int? given, long limit) =>
        new ContextMemory(weights * Gigabyte, given * Gigabyte, machine * Gigabyte).LimitBytes.ShouldBe(limit * Gigabyte);

    static int LongestNamed(MemoryLimitException fault) =>
        int.Parse(TokensThatFit().Match(fault.NextStep).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\(([\d,]+) tokens fit\)")]
    private static partial Regex TokensThatFit();
}
