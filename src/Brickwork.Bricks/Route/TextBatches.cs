namespace Brickwork.Bricks.Route;

/// <summary>Texts as batches to learn from.</summary>
static class TextBatches
{
    /// <summary>Texts cut into sequences, some sequences to a batch; each begins with what the model begins texts with.</summary>
    /// <param name="model">Whose tokens they become.</param>
    /// <param name="texts">What to learn from.</param>
    /// <param name="length">The most tokens of a sequence.</param>
    /// <param name="tokens">About how many tokens a batch has.</param>
    public static IReadOnlyList<TokenBatch> Of(LanguageModel model, IEnumerable<string> texts, int length = 256, int tokens = 1024)
    {
        length = Math.Min(length, model.Config.Context);
        var (batches, sequences) = (new List<TokenBatch>(), new List<int[]>());
        foreach (var text in texts)
            foreach (var sequence in model.Tokenizer.Encode(text, EncodeOptions.AddSpecial).Chunk(length + 1).Where(sequence => sequence.Length > 1))
            {
                sequences.Add(sequence);
                if (sequences.Sum(each => each.Length - 1) >= tokens)
                    Take();
            }
        if (sequences.Count > 0)
            Take();
        return batches;

        void Take()
        {
            batches.Add(new TokenBatch(
                [.. sequences.SelectMany(sequence => sequence[..^1])], [.. sequences.SelectMany(sequence => sequence[1..])], [.. sequences.Select(sequence => sequence.Length - 1)]));
            sequences.Clear();
        }
    }
}
