using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

public sealed class EvalTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Perplexity_has_the_fields_of_the_contract_and_they_agree()
    {
        var json = (await Brick.Run("eval", "perplexity", Story(), "--split", "line", "-m", Brick.Stories, "--json")).Json();

        json.ShouldHave("perplexity", "nll", "bitsPerByte", "tokens", "seconds");
        json.Number("perplexity").ShouldBe(Math.Exp(json.Number("nll")), 1e-9, "e to the nll, computed twice in double");
        json.Number("tokens").ShouldBeGreaterThan(10);
        json.Number("perplexity").ShouldBeInRange(1, 20);
    }

    [Fact]
    public async Task A_smaller_cache_prints_what_it_costs()
    {
        foreach (var saver in (string[][])[["--kv", "q4_0"], ["--evict", "h2o", "--budget", "16"], ["--evict", "streaming", "--budget", "16"]])
        {
            var json = (await Brick.Run(["eval", "perplexity", Story(), .. saver, "--gate", "ratio<100", "--json"])).Json();

            json.ShouldHave("perplexity", "densePerplexity", "ratio", "cacheBytes", "denseCacheBytes");
            json.Number("ratio").ShouldBe(json.Number("perplexity") / json.Number("densePerplexity"), 1e-12);
            json.Number("cacheBytes").ShouldBeGreaterThan(0);
        }
        (await Brick.Run("eval", "perplexity", Story(), "--json")).Json().TryGetProperty("ratio", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("perplexity<1000", 0)]
    [InlineData("perplexity<1", 1)]
    [InlineData("nll>0", 0)]
    public async Task A_gate_that_is_missed_ends_with_1(string gate, int code)
    {
        var outcome = await Brick.Run("eval", "perplexity", Story(), "--gate", gate, "--json");

        outcome.Code.ShouldBe(code);
        outcome.Document().ShouldHave("perplexity");
        outcome.Error.Contains("gate missed", StringComparison.Ordinal).ShouldBe(code == 1);
    }

    [Fact]
    public async Task A_task_of_ones_own_has_the_fields_of_the_contract()
    {
        var questions = _folder.Write("questions.jsonl", """
            {"good": "She was happy.", "bad": "She were happy."}
            {"good": "Once upon a time, there was a girl.", "bad": "Time upon once girl, a was there a."}
            """);

        var json = (await Brick.Run("eval", "task", questions, "--json")).Json();

        json.ShouldHave("task", "score", "n", "perSubset");
        json.Number("score").ShouldBe(1);
        json.Number("n").ShouldBe(2);
        (await Brick.Run("eval", "task", questions, "--limit", "1", "--json")).Json().Number("n").ShouldBe(1);
    }

    string Story() => _folder.Write("story.txt", "Once upon a time, there was a little girl named Lily.\nShe loved to play outside in the park.\n");
}
