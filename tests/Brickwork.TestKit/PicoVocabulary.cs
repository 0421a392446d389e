namespace Brickwork.TestKit;

/// <summary>A SentencePiece vocabulary of control tokens, the 256 bytes, and some letters and pairs.</summary>
static class PicoVocabulary
{
    public static void Write(Metadata metadata, int size)
    {
        List<string> tokens = ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"), "▁"];
        List<int> types = [2, 3, 3, .. Enumerable.Repeat(6, 256), 1];
        for (var letter = 'a'; letter <= 'z'; letter++)
            tokens.Add(letter.ToString());
        for (var letter = 'a'; letter <= 'z'; letter++)
            tokens.Add("▁" + letter);
        while (tokens.Count < size)
            tokens.Add($"unused{tokens.Count}");
        types.AddRange(Enumerable.Repeat(1, tokens.Count - types.Count));
        metadata.Set("tokenizer.ggml.model", "llama");
        metadata.Set("tokenizer.ggml.tokens", tokens.ToArray());
        metadata.Set("tokenizer.ggml.scores", tokens.Select((_, index) => -(float)index).ToArray());
        metadata.Set("tokenizer.ggml.token_type", types.ToArray());
        metadata.Set("tokenizer.ggml.bos_token_id", 1u);
        metadata.Set("tokenizer.ggml.eos_token_id", 2u);
        metadata.Set("tokenizer.ggml.unknown_token_id", 0u);
    }
}
