using Brickwork.TestKit;
using Brickwork.Training.Session;

namespace Brickwork.Training.Tests;

public sealed class NewModelTests
{
    [Fact]
    public void Sizes_are_written_as_unsigned_numbers_because_other_engines_refuse_signed_ones()
    {
        using var stories = LanguageModel.Load("stories260k");
        using var checkpoint = LlamaWeights.Create(new NewLlama { Width = 32, Layers = 1, Heads = 2 }, "new", stories.Tokenizer, seed: 1);

        foreach (var (key, value) in checkpoint.Metadata.Where(entry => entry.Key.StartsWith("llama.", StringComparison.Ordinal)))
            (value.Value is uint or float).ShouldBeTrue(key);
    }

    [Fact]
    public void The_default_model_is_the_one_its_card_names_and_small_enough_to_ship()
    {
        var file = new FileInfo(SharedData.InRepository("models", "brickwork-dense.gguf"));
        file.Length.ShouldBeLessThan(16L << 20);
        using var model = LanguageModel.Load();

        model.Config.Name.ShouldBe("brickwork-dense");
        model.Config.Parameters.ShouldBeLessThan(8_000_000);
        model.Generate("Once upon a time", new GenerationOptions { MaxTokens = 8 }).Text.ShouldNotBeNullOrWhiteSpace();
    }
}
