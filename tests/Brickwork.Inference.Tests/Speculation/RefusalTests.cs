using Brickwork.TestKit;

namespace Brickwork.Inference.Tests.Speculation;

public sealed class RefusalTests(Stories stories) : IClassFixture<Stories>
{
    [Fact]
    public void A_draft_model_with_fewer_tokens_is_refused_with_both_numbers()
    {
        using var pico = PicoModel.Llama();
        var message = Refused(stories.Model, new DraftModel(pico)).Message;
        message.ShouldContain("it holds 320 tokens, expected 512");
        message.ShouldContain("'pico'");
    }

    [Fact]
    public void A_draft_model_with_another_token_is_refused_with_the_first_of_them()
    {
        var checkpoint = PicoModel.LlamaCheckpoint();
        var tokens = checkpoint.Metadata.TryTexts("tokenizer.ggml.tokens")!;
        tokens[300] = "ü";
        checkpoint.Metadata.Set("tokenizer.ggml.tokens", tokens);
        using var changed = LanguageModel.From(checkpoint);
        using var pico = PicoModel.Llama();
        Refused(pico, new DraftModel(changed)).Message.ShouldContain("token 300 is 'ü', expected '▁o'");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65)]
    [InlineData(100_000)]
    public void A_number_of_guesses_that_makes_no_sense_is_refused(int tokens)
    {
        using var generator = stories.Model.CreateGenerator();
        var options = new GenerationOptions { Speculation = new PromptLookup { DraftTokens = tokens } };
        Should.Throw<ArgumentException>(() => generator.Generate("a", options)).Message.ShouldContain($"Speculation.DraftTokens is {tokens}, expected 1 to 64");
        Should.Throw<ArgumentException>(() => stories.Model.StartChat(options: options));
    }

    [Fact]
    public void A_conversation_is_refused_when_it_begins()
    {
        using var pico = PicoModel.Llama();
        Should.Throw<UnsupportedModelException>(() => stories.Model.StartChat(options: new GenerationOptions { Speculation = new DraftModel(pico) }));
    }

    static UnsupportedModelException Refused(LanguageModel model, SpeculationOptions speculation)
    {
        using var generator = model.CreateGenerator();
        return Should.Throw<UnsupportedModelException>(() => generator.Generate("a", new GenerationOptions { Speculation = speculation }));
    }
}
