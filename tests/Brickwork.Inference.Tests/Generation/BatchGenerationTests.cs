namespace Brickwork.Inference.Tests.Generation;

public sealed class BatchGenerationTests(Stories stories) : IClassFixture<Stories>
{
    static readonly string[] Prompts =
        ["", "Once upon a time", "Tim had a red ball.", "Lily and her mom went to the park. They saw a big dog.", "The", string.Concat(Enumerable.Repeat("One day. ", 60))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(50)]
    public void A_text_is_the_same_alone_and_among_others(int atOnce)
    {
        var options = new GenerationOptions { MaxTokens = 30, Stop = ["mom"], Sampling = new SamplingOptions { Temperature = 1, RepeatPenalty = 1.1f } };
        using var generator = stories.Model.CreateGenerator();
        var together = generator.GenerateAll(Prompts, options, atOnce);

        together.Count.ShouldBe(Prompts.Length);
        foreach (var (prompt, found) in Prompts.Zip(together))
        {
            var alone = generator.Generate(prompt, options);
            found.Text.ShouldBe(alone.Text);
            found.Ids.ShouldBe(alone.Ids);
            found.End.Reason.ShouldBe(alone.End.Reason);
        }
    }

    [Fact]
    public void No_prompts_give_no_texts()
    {
        using var generator = stories.Model.CreateGenerator();
        generator.GenerateAll([]).ShouldBeEmpty();
    }

    [Fact]
    public void Cancelling_gives_a_text_for_every_prompt()
    {
        using var generator = stories.Model.CreateGenerator();
        var texts = generator.GenerateAll(Prompts, atOnce: 2, cancellation: new CancellationToken(canceled: true));
        texts.Count.ShouldBe(Prompts.Length);
        texts.ShouldAllBe(text => text.End.Reason == FinishReason.Cancelled);
    }
}
