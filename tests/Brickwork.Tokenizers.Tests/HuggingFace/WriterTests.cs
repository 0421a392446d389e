using Brickwork.TestKit;

namespace Brickwork.Tokenizers.Tests.HuggingFace;

public class WriterTests
{
    // BERT keeps all letters of a Hangul syllable; llama.cpp, and we for GGUF, keep the first.
    const string Hangul = "한글";

    static readonly Vectors Bpe = Vectors.Open(Vectors.Data("bpe512-by-pre.json"));

    public static TheoryData<string> PreTokenizerNames => [.. Bpe.Groups.SelectMany(group => group.Names)];

    [Theory]
    [InlineData("spm512")]
    [InlineData("wpm512")]
    public void A_written_tokenizer_gives_the_same_ids(string name) => ShouldSurvive(Vectors.Definition(Vectors.Data(name + ".gguf")), Vectors.Open(Vectors.Data(name + ".json")).Texts);

    [Theory]
    [MemberData(nameof(PreTokenizerNames))]
    public void A_written_bpe_tokenizer_gives_the_same_ids(string pre) => ShouldSurvive(Vectors.Definition(Vectors.Data("bpe512.gguf")) with { Pre = pre }, Bpe.Texts);

    [SkippableTheory]
    [InlineData("gpt-2")]
    [InlineData("falcon")]
    [InlineData("phi-3")]
    [InlineData("bert-bge")]
    public void A_written_published_tokenizer_gives_the_same_ids(string name)
    {
        var definition = Vectors.Definition(SharedData.Require("data", "tokenizer-vectors", $"ggml-vocab-{name}.gguf"));
        ShouldSurvive(definition, Bpe.Texts);
    }

    [SkippableFact]
    public void A_written_unigram_tokenizer_gives_the_same_ids()
    {
        var definition = Tokenizer.FromSentencePiece(File.ReadAllBytes(SharedData.Require("data", "tokenizer-vectors", "test_model.model"))).ToDefinition();
        ShouldSurvive(definition, Bpe.Texts);
    }

    static void ShouldSurvive(TokenizerDefinition definition, string[] texts)
    {
        var original = Tokenizer.Create(definition);
        var read = Tokenizer.FromHuggingFace(HuggingFaceTokenizerWriter.Write(definition), HuggingFaceTokenizerWriter.WriteConfig(definition, null));
        var again = definition.Model == "gemma4" || definition.Pre is "gemma4" ? read : Tokenizer.Create(read.ToDefinition());
        foreach (var text in texts.Where(text => definition.Model != "bert" || !text.Contains(Hangul[..1], StringComparison.Ordinal)))
        {
            foreach (var options in new[] { EncodeOptions.None, EncodeOptions.AddSpecial, EncodeOptions.All })
            {
                var expected = original.Encode(text, options);
                read.Encode(text, options).ShouldBe(expected, $"{text} ({options})");
                again.Encode(text, options).ShouldBe(expected, $"{text} ({options}), and back to a definition");
            }
        }
    }
}
