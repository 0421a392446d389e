namespace Brickwork.Inference.Generation;

/// <summary>Turns prompts into tokens the model can start from.</summary>
sealed class PromptEncoder(LanguageModel model)
{
    /// <summary>The tokens of a plain text, with the start token where the model wants one; of an empty text, the start token at any rate.</summary>
    internal int[] Encode(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var tokens = model.Tokenizer.Encode(prompt, EncodeOptions.AddSpecial);
        // Some models are fed an end token after a text; a prompt is to be written on.
        if (tokens.Length > 1 && tokens[^1] == model.Tokenizer.Eos && tokens[^1] != model.Tokenizer.Bos)
            tokens = tokens[..^1];
        return tokens.Length > 0 ? tokens : [model.Tokenizer.Bos ?? throw NoStart()];
    }

    /// <summary>A copy of the tokens, if there are some and they fit.</summary>
    internal int[] Check(IReadOnlyList<int> prompt, int context)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (prompt.Count == 0)
            throw NoStart();
        return prompt.Count <= context ? [.. prompt] : throw new PromptTooLongException(prompt.Count, context);
    }

    UnsupportedModelException NoStart() => new(
        $"The prompt is empty, and the model '{model.Config.Name}' has no start token to begin from.", "Give a prompt of at least one token.");
}
