using Brickwork.Bricks.Route;

namespace Brickwork;

/// <summary>Chooses bricks for a whole text by how near it is to samples of what each is for (LoraRetriever, Zhao et al. 2024).</summary>
/// <remarks>
/// A text's vector is the mean of the model's own last hidden values, without any brick; the paper trains an embedding model for it. What all
/// samples have in common is taken away first, because hidden values of a language model share a large direction.
/// </remarks>
public sealed class RetrievalRouter : IRouter
{
    readonly Tensor _centroids, _centre;

    internal RetrievalRouter(IReadOnlyList<string> bricks, Tensor centroids, Tensor centre, string parent) =>
        (Bricks, _centroids, _centre, Parent) = (bricks, centroids, centre, parent);

    /// <inheritdoc/>
    public IReadOnlyList<string> Bricks { get; }

    /// <summary>The hash of the model whose hidden values it knows.</summary>
    public string Parent { get; }

    /// <summary>Learns what bricks are for from samples.</summary>
    /// <param name="model">Whose hidden values are the vectors of texts.</param>
    /// <param name="samples">Texts for each brick, by its id: a handful is enough.</param>
    /// <exception cref="RecipeException">There are no bricks, or one comes without samples.</exception>
    public static RetrievalRouter Fit(LanguageModel model, IReadOnlyDictionary<string, IReadOnlyList<string>> samples)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0 || samples.Values.Any(texts => texts.Count == 0))
            throw new RecipeException($"Retrieval needs samples for every brick; found {(samples.Count == 0 ? "no brick" : $"none for '{samples.First(entry => entry.Value.Count == 0).Key}'")}.",
                "Give texts that the brick is for: --examples ID=FILE");
        using var vectors = new TextVectors(model);
        var (centroids, centre) = (Tensor.Zeros(samples.Count, model.Config.Width), Tensor.Zeros(model.Config.Width));
        foreach (var (index, texts) in samples.Values.Index())
        {
            foreach (var text in texts)
                Add(vectors.Of(text), 1f / texts.Count, centroids.Row(index));
            Add(centroids.Row(index), 1f / samples.Count, centre.Floats);
        }
        for (var index = 0; index < samples.Count; index++)
            Add(centre.Floats, -1, centroids.Row(index));
        return new RetrievalRouter([.. samples.Keys], centroids, centre, model.Fingerprint);
    }

    /// <summary>Opens what <see cref="Save"/> wrote.</summary>
    /// <exception cref="CheckpointException">The file is missing, damaged, or something else.</exception>
    public static RetrievalRouter Open(string path) => RetrievalFile.Read(path);

    /// <summary>Writes what it knows.</summary>
    /// <exception cref="CheckpointException">The file exists and may not be replaced, or cannot be written.</exception>
    public void Save(string path, SaveOptions? options = null) => RetrievalFile.Write(path, Bricks, _centroids, _centre, Parent, options);

    /// <summary>Cosines between the rows and what each brick is for.</summary>
    /// <inheritdoc/>
    public void Score(SlotPath slot, Tensor rows, Compute compute, Tensor scores)
    {
        var vector = new float[_centre.Columns];
        for (var row = 0; row < rows.Rows; row++)
        {
            rows.Row(row).CopyTo(vector);
            Add(_centre.Floats, -1, vector);
            for (var brick = 0; brick < Bricks.Count; brick++)
                scores.Row(row)[brick] = Cosine(vector, _centroids.Row(brick));
        }
    }

    /// <summary>The bricks for a text, by their weights, the best first.</summary>
    /// <param name="model">The model it was made with.</param>
    /// <param name="text">What is asked, or what is to go on; what does not fit into the context is not looked at.</param>
    /// <param name="rule">How many bricks, and how they share; null = the best three by softmax.</param>
    /// <exception cref="CheckpointException">It was made with another model.</exception>
    public IReadOnlyList<(string Brick, float Weight)> Choose(LanguageModel model, string text, RouteRule? rule = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        (rule ??= new RouteRule()).Check();
        if (Parent != model.Fingerprint)
            throw new CheckpointException($"The router was made with the model {Parent}; {model.Config.Name} is {model.Fingerprint}.", "Make it again with this model: brick route FOLDER --router retrieve --examples ID=FILE --out FILE");
        using var vectors = new TextVectors(model);
        var scores = Tensor.Zeros(1, Bricks.Count);
        Score(default, Tensor.From(vectors.Of(text), 1, model.Config.Width), model.Compute, scores);
        rule.Weigh(scores.Floats);
        return [.. Bricks.Zip(scores.Floats.ToArray()).Where(entry => entry.Second > 0).OrderByDescending(entry => entry.Second)];
    }

    static void Add(ReadOnlySpan<float> values, float factor, Span<float> sum)
    {
        for (var index = 0; index < sum.Length; index++)
            sum[index] += factor * values[index];
    }

    static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (dot, first, second) = (0.0, 0.0, 0.0);
        for (var index = 0; index < a.Length; index++)
            (dot, first, second) = (dot + (double)a[index] * b[index], first + (double)a[index] * a[index], second + (double)b[index] * b[index]);
        return first > 0 && second > 0 ? (float)(dot / Math.Sqrt(first * second)) : 0;
    }
}
