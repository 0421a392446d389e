using System.IO.Compression;
using Brickwork.TestKit;

namespace Brickwork.Evaluation.Tests;

public sealed class TaskTests(Stories stories) : IClassFixture<Stories>, IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("brickwork").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_likelier_text_of_a_pair_decides()
    {
        var result = Evaluate("""
            {"good": "Once upon a time, there was a little girl.", "bad": "Upon once time a, girl was a little there."}
            {"good": "Girl little a she was.", "bad": "She was a little girl."}
            """);
        result.Score.ShouldBe(0.5);
        result.Count.ShouldBe(2);
        result.PerSubset.ShouldBeEmpty();
        result.Perplexity.ShouldBeNull();
    }

    [Fact]
    public void Equal_texts_are_no_right_answer() =>
        Evaluate("""{"good": "She was.", "bad": "She was."}""").Score.ShouldBe(0);

    [Fact]
    public void A_completion_is_right_when_every_token_of_it_is_the_likeliest()
    {
        using var generator = stories.Model.CreateGenerator();
        var truth = generator.Generate("Once upon a", new GenerationOptions { Sampling = SamplingOptions.Greedy, MaxTokens = 6 }).Text;
        var result = Evaluate($$"""
            {"prompt": "Once upon a", "completion": "{{truth}}", "subset": "right"}
            {"prompt": "Once upon a", "completion": " zebra", "subset": "wrong"}
            """);
        result.PerSubset.ShouldBe(new Dictionary<string, double> { ["right"] = 1, ["wrong"] = 0 }, ignoreOrder: true);
        result.Perplexity!.Value.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void The_last_word_of_a_text_is_asked_for()
    {
        var result = Evaluate("""{"text": "Once upon a time"}""");
        var whole = stories.Model.MeasurePerplexity("Once upon a time");
        var before = stories.Model.MeasurePerplexity("Once upon a");
        result.Score.ShouldBe(1);
        // Sums of doubles in two orders.
        Math.Log(result.Perplexity!.Value).ShouldBe(whole.Nll * whole.Tokens - before.Nll * before.Tokens, 1e-9);
    }

    [Fact]
    public void A_limit_takes_from_each_subset_in_turn()
    {
        var path = Write("sets.zip", "");
        File.Delete(path);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
            foreach (var subset in (string[])["data/a.jsonl", "data/b.jsonl", "__MACOSX/data/._a.jsonl", "data/c.txt"])
            {
                using var writer = new StreamWriter(zip.CreateEntry(subset).Open());
                for (var line = 0; line < 5; line++)
                    writer.Write("""{"sentence_good": "She was.", "sentence_bad": "Was she was she."}""" + "\n");
            }

        var task = EvaluationTask.OpenBlimp(path);
        task.Count.ShouldBe(10);
        var result = stories.Model.Evaluate(task.Take(3));
        result.Count.ShouldBe(3);
        result.PerSubset.Keys.Order().ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("[1]", "Line 1")]
    [InlineData("{\"good\": \"a\", \"bad\": \"b\"}\n\n{\"good\": \"a\"}", "Line 3")]
    [InlineData("{\"good\": \"a\", \"bad\": ", "Line 1")]
    [InlineData("{\"text\": \"one\"}", "Line 1")]
    [InlineData("\n\n", "no question")]
    public void A_line_that_is_no_question_is_named(string lines, string expected) =>
        Should.Throw<DataFileException>(() => EvaluationTask.Open(Write("task.jsonl", lines))).Message.ShouldContain(expected);

    [Fact]
    public void A_missing_or_damaged_file_is_a_clear_error()
    {
        Should.Throw<DataFileException>(() => EvaluationTask.Open(Path.Combine(_folder, "none"))).Message.ShouldContain("none");
        Should.Throw<DataFileException>(() => EvaluationTask.OpenBlimp(Write("no.zip", "text")));
        Should.Throw<DataFileException>(() => EvaluationTask.Open(Write("no.jsonl.gz", "text")));
    }

    [SkippableFact]
    public void Blimp_as_published_is_read_and_better_than_chance()
    {
        var task = EvaluationTask.OpenBlimp(SharedData.Require("data", "eval-sets", "BLiMP.zip"));
        task.Count.ShouldBe(67_000);
        var result = stories.Model.Evaluate(task.Take(670));
        result.PerSubset.Count.ShouldBe(67);
        // Chance is 0.5 with a standard error of 0.02; a children's-story model knows a little grammar.
        result.Score.ShouldBeGreaterThan(0.52);
    }

    [SkippableFact]
    public void Lambada_as_published_is_read()
    {
        var task = EvaluationTask.OpenLambada(SharedData.Require("data", "eval-sets", "lambada_test.jsonl.gz"));
        task.Count.ShouldBe(5_153);
        var result = stories.Model.Evaluate(task.Take(20));
        result.Count.ShouldBe(20);
        result.Perplexity!.Value.ShouldBeGreaterThan(10);
    }

    TaskResult Evaluate(string lines) => stories.Model.Evaluate(EvaluationTask.Open(Write("task.jsonl", lines)));

    string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
