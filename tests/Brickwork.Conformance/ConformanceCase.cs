using System.Runtime.InteropServices;
using System.Text.Json;

namespace Brickwork.Conformance;

/// <summary>One tiny model with outputs that another engine computed for it; see Data/SOURCE.md.</summary>
/// <remarks>V = width of a row of outputs: the vocabulary, or the model width where the model gives embeddings.</remarks>
public sealed record ConformanceCase
{
    public required string Folder { get; init; }
    public required string Id { get; init; }
    public required string Architecture { get; init; }
    public required bool IsEmbedding { get; init; }
    public required int[] Prompt { get; init; }
    public required int[] Continuation { get; init; }
    public required int[] Rows { get; init; }
    public required int Width { get; init; }
    public required string ExactFile { get; init; }
    public required string? PooledFile { get; init; }
    public required float Tolerance { get; init; }
    public required float NativeDistance { get; init; }
    public required float GreedyMargin { get; init; }
    public required double Nll { get; init; }

    public string ModelPath => Path.Combine(Folder, Id + ".gguf");

    public static ConformanceCase Read(string folder, JsonElement json)
    {
        var embedding = json.GetProperty("kind").GetString() == "embedding";
        var exact = json.GetProperty("exact");
        var tolerance = json.GetProperty("tolerance");
        return new ConformanceCase
        {
            Folder = folder,
            Id = json.GetProperty("id").GetString()!,
            Architecture = json.GetProperty("architecture").GetString()!,
            IsEmbedding = embedding,
            Prompt = Ints(json, "prompt"),
            Continuation = Ints(json, "continuation"),
            Rows = Ints(json, "rows"),
            Width = json.GetProperty("width").GetInt32(),
            ExactFile = FileOf(embedding ? exact.GetProperty("tokens") : exact),
            PooledFile = embedding ? FileOf(exact.GetProperty("pooled")) : null,
            Tolerance = tolerance.GetProperty("exact_atol").GetSingle(),
            NativeDistance = tolerance.GetProperty("native_minus_exact_max").GetSingle(),
            GreedyMargin = json.TryGetProperty("greedy_margin", out var margin) ? margin.GetSingle() : 0,
            Nll = json.TryGetProperty("nll_exact", out var nll) ? nll.GetDouble() : 0,
        };
    }

    /// <summary>The reference outputs, one row for each entry of <see cref="Rows"/>.</summary>
    public float[] Exact() => Floats(ExactFile);

    /// <summary>The reference's one vector for the whole text.</summary>
    public float[] Pooled() => Floats(PooledFile!);

    public override string ToString() => Id;

    float[] Floats(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder, file))).ToArray();

    static string FileOf(JsonElement json) => json.GetProperty("file").GetString()!;

    static int[] Ints(JsonElement json, string name) =>
        json.TryGetProperty(name, out var array) ? [.. array.EnumerateArray().Select(item => item.GetInt32())] : [];
}
