using Brickwork.TestKit;

namespace Brickwork.Evaluation.Tests;

public sealed class PerplexityTests(Stories stories) : IClassFixture<Stories>
{
    [SkippableFact]
    public void The_first_20_paragraphs_of_the_sample_have_the_published_likelihood()
    {
        var result = Measure(new PerplexityOptions { Split = TextSplit.Paragraph, Window = 256, Limit = 20 });
        result.Nll.ShouldBe(1.5255, 0.0005);
        result.Pieces.ShouldBe(20);
    }

    [SkippableFact]
    public void The_first_200_paragraphs_of_the_sample_have_the_published_bits_per_byte()
    {
        var result = Measure(new PerplexityOptions { Split = TextSplit.Paragraph, Window = 512, Limit = 200 });
        result.BitsPerByte.ShouldBe(1.165, 0.002);
    }

    [Fact]
    public void Pieces_add_up_to_the_whole_however_they_share_passes()
    {
        var options = new PerplexityOptions { Split = TextSplit.Paragraph };
        var whole = stories.Model.MeasurePerplexity(Stories.Text, options);
        var parts = Stories.Text.Split("\n\n").Select(piece => stories.Model.MeasurePerplexity(piece.Trim('\n'))).ToList();

        whole.Pieces.ShouldBe(3);
        whole.Tokens.ShouldBe(parts.Sum(part => part.Tokens));
        whole.Bytes.ShouldBe(parts.Sum(part => part.Bytes));
        // Sums of doubles in two orders.
        (whole.Nll * whole.Tokens).ShouldBe(parts.Sum(part => part.Nll * part.Tokens), 1e-9);
    }

    [Fact]
    public void Bytes_are_those_that_the_tokens_spell()
    {
        var result = stories.Model.MeasurePerplexity(Stories.Text);
        // This tokenizer puts a space before a text, which is foreseen like any other.
        result.Bytes.ShouldBe(1 + Stories.Text.Length);
        result.Perplexity.ShouldBe(Math.Exp(result.Nll));
        result.BitsPerByte.ShouldBe(result.Nll * result.Tokens / Math.Log(2) / result.Bytes, 1e-12);
    }

    [Fact]
    public void A_smaller_stride_foresees_better()
    {
        var options = new PerplexityOptions { Window = 12 };
        var far = stories.Model.MeasurePerplexity(Stories.Text, options);
        var near = stories.Model.MeasurePerplexity(Stories.Text, options with { Stride = 2 });
        near.Tokens.ShouldBe(far.Tokens);
        near.Bytes.ShouldBe(far.Bytes);
        near.Nll.ShouldBeLessThan(far.Nll);
    }

    [Theory]
    [InlineData("streaming")]
    [InlineData("h2o")]
    [InlineData("snapkv")]
    public void A_smaller_cache_is_measured_beside_the_whole(string policy)
    {
        var text = string.Concat(Enumerable.Repeat(Stories.Text, 8));
        EvictionPolicy Keep(int budget) => policy switch
        {
            "streaming" => new StreamingEviction { Budget = budget },
            "h2o" => new HeavyHitterEviction { Budget = budget },
            _ => new SnapEviction { Budget = budget },
        };
        var options = new PerplexityOptions { Window = 300, Runner = new RunnerOptions { CacheType = CacheType.F32, Eviction = Keep(40) } };

        var cost = stories.Model.MeasureCacheCost([text], options);
        var whole = stories.Model.MeasureCacheCost([text], options with { Runner = new RunnerOptions { CacheType = CacheType.F32, Eviction = Keep(300) } });

        cost.Small.Tokens.ShouldBe(cost.Dense.Tokens);
        // A prompt is held in full until it has been read.
        if (policy != "snapkv")
            cost.Small.CacheBytes.ShouldBeLessThan(cost.Dense.CacheBytes);
        cost.Ratio.ShouldNotBe(1);
        cost.Ratio.ShouldBeInRange(0.5, 3);
        whole.Ratio.ShouldBe(1);
    }

    [Fact]
    public void Windows_beyond_the_context_are_foreseen_by_sinks_and_a_window()
    {
        var text = string.Concat(Enumerable.Repeat(Stories.Text + "\n", 12));
        var options = new PerplexityOptions { Window = 1000, Runner = new RunnerOptions { Eviction = new StreamingEviction { Budget = 512 } } };

        var cost = stories.Model.MeasureCacheCost([text], options);

        cost.Small.Pieces.ShouldBeLessThan(cost.Dense.Pieces);
        cost.Small.Tokens.ShouldBe(cost.Dense.Tokens);
        cost.Small.Nll.ShouldBeLessThan(3);
        Should.Throw<ArgumentException>(() => stories.Model.MeasureCacheCost([text], options with { Limit = 1 })).Message.ShouldContain("1000");
    }

    [Fact]
    public void Eviction_of_prompts_needs_prompts()
    {
        var options = new PerplexityOptions { Split = TextSplit.Line, Runner = new RunnerOptions { Eviction = new SnapEviction { Budget = 40 } } };

        Should.Throw<ArgumentException>(() => stories.Model.MeasurePerplexity(Stories.Text, options)).Message.ShouldContain("snapkv");
    }

    [Fact]
    public void Progress_ends_at_the_total()
    {
        List<EvaluationProgress> told = [];
        stories.Model.MeasurePerplexity(Stories.Text, progress: new Listener(told));
        told[^1].Done.ShouldBe(told[^1].Total);
        told[^1].Total.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Wrong_options_and_empty_texts_are_clear_errors()
    {
        var fault = Should.Throw<ArgumentException>(
            () => stories.Model.MeasurePerplexity("a", new PerplexityOptions { Window = 1, Stride = 0, Limit = 0 }));
        fault.Message.ShouldContain("Window");
        fault.Message.ShouldContain("Stride");
        fault.Message.ShouldContain("Limit");
        Should.Throw<DataFileException>(() => stories.Model.MeasurePerplexity(""));
    }

    [Fact]
    public void Cancelling_stops_between_passes() =>
        Should.Throw<OperationCanceledException>(
            () => stories.Model.MeasurePerplexity(string.Concat(Enumerable.Repeat(Stories.Text, 20)), cancellation: new CancellationToken(canceled: true)));

    PerplexityResult Measure(PerplexityOptions options) =>
        stories.Model.MeasurePerplexity(TextFiles.Read(SharedData.Require("data", "model-stories260k", "tinystories-sample.txt")), options);

    sealed class Listener(List<EvaluationProgress> told) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => told.Add(value);
    }
}
