namespace Brickwork.Inference.Generation;

/// <summary>Sets up what decodes and chooses the tokens of a text.</summary>
static class Continuation
{
    /// <summary>The text goes on where the prompt ends: a space before its first word is part of it.</summary>
    internal static Completion After(LanguageModel model, ReadOnlySpan<int> prompt, GenerationOptions options, GenerationClock clock)
    {
        var decoder = model.Tokenizer.StartDecoding();
        // A start token is no text: what follows it alone begins a text.
        foreach (var id in prompt)
            if (!model.Tokenizer.IsSpecial(id))
                decoder.Append(id);
        return Create(model, decoder, prompt, options, clock);
    }

    /// <summary>The text stands by itself, as an answer does.</summary>
    internal static Completion Apart(LanguageModel model, ReadOnlySpan<int> prompt, GenerationOptions options, GenerationClock clock) =>
        Create(model, model.Tokenizer.StartDecoding(), prompt, options, clock);

    static Completion Create(LanguageModel model, TextDecoder decoder, ReadOnlySpan<int> prompt, GenerationOptions options, GenerationClock clock)
    {
        var sampler = new Sampler(options.Sampling, model.Config.Vocabulary);
        sampler.Observe(prompt);
        return new Completion(sampler, decoder, model.Tokenizer.EndOfGeneration, options, clock);
    }
}
