using Brickwork.TestKit;
using Brickwork.Tokenizers.PreTokenizers;

namespace Brickwork.Tokenizers.Tests;

public class ConformanceTests
{
    static readonly Vectors Bpe = Vectors.Open(Vectors.Data("bpe512-by-pre.json"));

    public static TheoryData<string> PreTokenizerNames => [.. Bpe.Groups.SelectMany(group => group.Names)];

    [Theory]
    [MemberData(nameof(PreTokenizerNames))]
    public void Byte_level_bpe_agrees_with_llama_cpp_under_every_pre_tokenizer(string pre)
    {
        var definition = Vectors.Definition(Vectors.Data("bpe512.gguf")) with { Pre = pre };
        Bpe.ShouldHoldFor(Tokenizer.Create(definition), Bpe.Groups.Single(group => group.Names.Contains(pre)).Rows);
    }

    [Theory]
    [InlineData("spm512")]
    [InlineData("wpm512")]
    public void A_small_vocabulary_agrees_with_llama_cpp(string name)
    {
        var vectors = Vectors.Open(Vectors.Data(name + ".json"));
        vectors.ShouldHoldFor(Tokenizer.Create(Vectors.Definition(Vectors.Data(name + ".gguf"))), vectors.Rows);
    }

    [SkippableTheory]
    [InlineData("gpt-2")]
    [InlineData("falcon")]
    [InlineData("phi-3")]
    [InlineData("bert-bge")]
    public void A_published_vocabulary_agrees_with_llama_cpp(string name)
    {
        var vectors = Vectors.Open(SharedData.Require("data", "conformance", "tokenizers", $"real-{name}.json"));
        vectors.ShouldHoldFor(Tokenizer.Create(Published(name)), vectors.Rows);
    }

    [SkippableTheory]
    [InlineData("gpt-2", "gpt-2")]
    [InlineData("falcon", "falcon")]
    [InlineData("phi-3", "phi-3")]
    [InlineData("phi-3", "llama-spm")]
    [InlineData("bert-bge", "bert-bge")]
    public void A_published_vocabulary_gives_the_published_ids(string vocabulary, string vectors)
    {
        var tokenizer = Tokenizer.Create(Published(vocabulary));
        var file = SharedData.Require("data", "tokenizer-vectors", $"ggml-vocab-{vectors}.gguf.inp");
        PublishedVectors.ShouldHoldFor(tokenizer, file);
    }

    [Fact]
    public void Every_named_pre_tokenizer_can_be_built() =>
        BpePreTokenizers.Names.ShouldAllBe(name => BpePreTokenizers.Find(name).Build() != null);

    static TokenizerDefinition Published(string name) => Vectors.Definition(SharedData.Require("data", "tokenizer-vectors", $"ggml-vocab-{name}.gguf"));
}
