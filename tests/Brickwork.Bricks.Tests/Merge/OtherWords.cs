using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>A model with one token that the others do not know, in the place of one that it lacks.</summary>
static class OtherWords
{
    const string Tokens = "tokenizer.ggml.tokens";

    public static MemoryCheckpoint Save(string path, int seed, int token)
    {
        var model = PicoModel.LlamaCheckpoint(seed);
        var tokens = model.Metadata.TryTexts(Tokens)!;
        tokens[token] = "another";
        model.Metadata.Set(Tokens, tokens);
        PicoModel.Save(model, path);
        return model;
    }
}
