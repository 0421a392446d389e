using Brickwork.TestKit;

namespace Brickwork.Tokenizers.Tests.HuggingFace;

/// <summary>Published tokenizer.json files, too large to keep: a folder named by BRICKWORK_TOKENIZERS holds llama2/, llama3/, qwen3/ and gemma3/.</summary>
public class PublishedTokenizerTests
{
    [SkippableTheory]
    [InlineData("llama3", "llama-bpe", "llama-bpe")]
    [InlineData("qwen3", "qwen2", "qwen2")]
    public void A_published_tokenizer_gives_the_published_ids(string folder, string vectors, string pre)
    {
        var tokenizer = Read(folder);
        var file = SharedData.Require("data", "tokenizer-vectors", $"ggml-vocab-{vectors}.gguf.inp");
        PublishedVectors.ShouldHoldFor(tokenizer, file);
        tokenizer.ToDefinition().Pre.ShouldBe(pre);
        PublishedVectors.ShouldHoldFor(Tokenizer.Create(tokenizer.ToDefinition()), file);
    }

    // The scores that stand for ranked merges break ties by place, not by rank; published text must not notice.
    [SkippableTheory]
    [InlineData("llama2")]
    [InlineData("gemma3")]
    public void A_published_tokenizer_gives_the_same_ids_as_its_definition(string folder)
    {
        var published = Read(folder);
        var defined = Tokenizer.Create(published.ToDefinition());
        var texts = File.ReadAllLines(SharedData.Require("data", "tokenizer-vectors", "botchan.txt")).Take(500)
            .Concat(Vectors.Open(Vectors.Data("spm512.json")).Texts).Concat([File.ReadAllText(SharedData.Require("data", "tokenizer-vectors", "cs336-address.txt"))]);
        // Gemma's added runs of ▁ are found in a text that itself holds ▁; the definition has them as ordinary tokens.
        foreach (var text in texts.Where(text => !text.Contains('▁')))
        {
            defined.Encode(text, EncodeOptions.AddSpecial).ShouldBe(published.Encode(text, EncodeOptions.AddSpecial), text);
            published.Decode(published.Encode(text, EncodeOptions.AddSpecial)).ShouldBe(text);
        }
    }

    static Tokenizer Read(string folder)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("BRICKWORK_TOKENIZERS") ?? "", folder);
        Skip.IfNot(File.Exists(Path.Combine(path, "tokenizer.json")), "BRICKWORK_TOKENIZERS names no folder with " + folder);
        return Tokenizer.FromHuggingFace(File.ReadAllBytes(Path.Combine(path, "tokenizer.json")), File.ReadAllBytes(Path.Combine(path, "tokenizer_config.json")));
    }
}
