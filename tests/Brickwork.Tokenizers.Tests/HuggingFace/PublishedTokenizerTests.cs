using Brickwork.TestKit;

namespace Brickwork.Tokenizers.Tests.HuggingFace;

/// <summary>Published tokenizer.json files, too large to keep: a folder named by BRICKWORK_TOKENIZERS holds llama3/ and qwen3/.</summary>
public class PublishedTokenizerTests
{
    [SkippableTheory]
    [InlineData("llama3", "llama-bpe", "llama-bpe")]
    [InlineData("qwen3", "qwen2", "qwen2")]
    public void A_published_tokenizer_gives_the_published_ids(string folder, string vectors, string pre)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("BRICKWORK_TOKENIZERS") ?? "", folder);
        Skip.IfNot(File.Exists(Path.Combine(path, "tokenizer.json")), "BRICKWORK_TOKENIZERS names no folder with " + folder);
        var tokenizer = Tokenizer.FromHuggingFace(File.ReadAllBytes(Path.Combine(path, "tokenizer.json")), File.ReadAllBytes(Path.Combine(path, "tokenizer_config.json")));
        var file = SharedData.Require("data", "tokenizer-vectors", $"ggml-vocab-{vectors}.gguf.inp");
        PublishedVectors.ShouldHoldFor(tokenizer, file);
        tokenizer.ToDefinition().Pre.ShouldBe(pre);
        PublishedVectors.ShouldHoldFor(Tokenizer.Create(tokenizer.ToDefinition()), file);
    }
}
