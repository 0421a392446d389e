using Brickwork.TestKit;
using Microsoft.Extensions.AI;

namespace Brickwork.Serving.Tests;

public sealed class EmbeddingGeneratorTests
{
    [SkippableFact]
    public async Task Embeddings_have_length_one_and_repeat()
    {
        using var model = LanguageModel.Load(SharedData.Require("data", "conformance", "bert-f32.gguf"), new LoadOptions { Threads = 1 });
        using var generator = model.AsEmbeddingGenerator();
        var embeddings = await generator.GenerateAsync(["abc", "de f", "abc"]);

        embeddings.Count.ShouldBe(3);
        embeddings.ShouldAllBe(embedding => embedding.Vector.Length == model.Config.Width);
        // A sum of squares of floats.
        embeddings.ShouldAllBe(embedding => Math.Abs(embedding.Vector.ToArray().Sum(value => (double)value * value) - 1) < 1e-5);
        embeddings[0].Vector.ToArray().ShouldBe(embeddings[2].Vector.ToArray());
        embeddings[0].Vector.ToArray().ShouldNotBe(embeddings[1].Vector.ToArray());
        embeddings.Usage!.InputTokenCount!.Value.ShouldBeGreaterThan(3);
        generator.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions.ShouldBe(model.Config.Width);

        var options = new EmbeddingGenerationOptions { Dimensions = 3 };
        (await Should.ThrowAsync<NotSupportedException>(() => generator.GenerateAsync(["a"], options))).Message.ShouldContain("Dimensions");
    }

    [Fact]
    public void A_model_that_foresees_tokens_gives_no_embeddings()
    {
        using var model = LanguageModel.Load(SharedData.InRepository("models", "stories260k.gguf"), new LoadOptions { Threads = 1 });
        Should.Throw<UnsupportedModelException>(() => model.AsEmbeddingGenerator()).Message.ShouldContain("expected an embedding model");
    }
}
