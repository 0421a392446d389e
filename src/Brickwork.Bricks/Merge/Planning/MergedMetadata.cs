using Brickwork.Bricks.Merge.Recipes;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>What the result says about itself: the donor's settings, other layers, its tokens, and the recipe.</summary>
static class MergedMetadata
{
    const string Tokenizer = "tokenizer.";
    const string ChatTemplate = "tokenizer.chat_template";
    const int UserDefined = 4;
    const int Unused = 5;

    public static Metadata Of(DocumentPlan plan, MergeRecipe recipe)
    {
        var (donor, speaker) = (plan.Donor, plan.Speaker);
        var result = new Metadata(recipe.Source);
        foreach (var (key, value) in donor.Checkpoint.Metadata)
            if (!key.StartsWith(Tokenizer, StringComparison.Ordinal))
                result.Set(key, PerLayer(plan, donor, key, value));
        foreach (var (key, value) in speaker.Checkpoint.Metadata)
            if (key.StartsWith(Tokenizer, StringComparison.Ordinal))
                result.Set(key, value);
        // Numbers of other types than the format's own are refused by other readers.
        result.Set($"{donor.Architecture}.block_count", (uint)LayersOf(plan).Count);
        result.Set("general.name", plan.Document.Name ?? Path.GetFileNameWithoutExtension(recipe.Source));
        AddSources(plan, result);
        UnusedTokens.Drop(result, RowsOf(plan));
        if (plan.Vocabulary is { } vocabulary)
            AddTokens(result, donor.Architecture, speaker, vocabulary);
        if ((plan.Document.ChatTemplate is MergeDocument.CommonTemplate ? CommonTemplate(plan) : plan.Document.ChatTemplate) is { } template)
            result.Set(ChatTemplate, template);
        return result;
    }

    /// <summary>How many of the speaker's tokens have a row: where the vocabulary is not changed, a row of the result.</summary>
    static int RowsOf(DocumentPlan plan) => (int)Math.Min(
        plan.Speaker.Tokens?.Length ?? int.MaxValue,
        plan.Tensors.Where(tensor => plan.Vocabulary is null && tensor.Info.Name == TensorPlace.Embedding).Select(tensor => tensor.Info.Shape[0]).FirstOrDefault(int.MaxValue));

    /// <summary>Of templates that equally many models have, the first; null where none has one.</summary>
    static string? CommonTemplate(DocumentPlan plan) => plan.Models.Select(model => model.Checkpoint.Metadata.TryText(ChatTemplate)?.Trim())
        .OfType<string>().GroupBy(template => template, StringComparer.Ordinal).MaxBy(group => group.Count())?.Key;

    /// <summary>The donor's layer behind each layer of the result.</summary>
    static List<int> LayersOf(DocumentPlan plan) => [.. plan.Document.Slices.SelectMany(slice =>
        slice.Inputs[0].Layers is { } range ? Enumerable.Range(range.First, range.End - range.First) : Enumerable.Range(0, plan.Models.First(model => model.Reference == slice.Inputs[0].Model).Layers))];

    /// <summary>A setting with a value for each layer follows the layers.</summary>
    static object PerLayer(DocumentPlan plan, MergeModel donor, string key, MetadataValue value)
    {
        if (value.Value is not Array array || array.Length != donor.Layers || !key.StartsWith(donor.Architecture + ".", StringComparison.Ordinal))
            return value;
        var layers = LayersOf(plan);
        var moved = NewArray(array, layers.Count);
        for (var layer = 0; layer < layers.Count; layer++)
            moved.SetValue(array.GetValue(Math.Min(layers[layer], array.Length - 1)), layer);
        return value with { Value = moved };
    }

    // An array of the same type made without reflection.
    static Array NewArray(Array array, int length) => array switch
    {
        int[] => new int[length],
        uint[] => new uint[length],
        float[] => new float[length],
        bool[] => new bool[length],
        string[] => new string[length],
        _ => throw new UnsupportedModelException($"A setting of each layer is an array of {array.GetType().GetElementType()!.Name}.", "Convert the model again."),
    };

    static void AddSources(DocumentPlan plan, Metadata result)
    {
        var models = plan.Models.ToList();
        result.Set("general.base_model.count", (uint)models.Count);
        foreach (var model in models)
            result.Set($"general.base_model.{model.Index}.name", model.Checkpoint.Metadata.TryText("general.name") ?? Path.GetFileName(model.Reference));
    }

    static void AddTokens(Metadata result, string architecture, MergeModel speaker, Vocabulary vocabulary)
    {
        var (own, tokens) = (speaker.Tokens!.Length, vocabulary.Tokens);
        var padding = Enumerable.Range(tokens.Count, vocabulary.Rows - tokens.Count).ToList();
        result.Set("tokenizer.ggml.tokens", (string[])[.. tokens, .. padding.Select(id => $"[PAD{id}]")]);
        // What other models knew is found in a text as it stands; merges of theirs would change how the rest is cut.
        var types = result.TryInts("tokenizer.ggml.token_type") ?? [.. Enumerable.Repeat(1, own)];
        result.Set("tokenizer.ggml.token_type", (int[])[.. types, .. Enumerable.Repeat(UserDefined, tokens.Count - own), .. Enumerable.Repeat(Unused, padding.Count)]);
        if (result.TryFloats("tokenizer.ggml.scores") is { } scores)
            result.Set("tokenizer.ggml.scores", (float[])[.. scores, .. Enumerable.Repeat(-10000f, vocabulary.Rows - own)]);
        result.Set($"{architecture}.vocab_size", (uint)vocabulary.Rows);
    }
}
