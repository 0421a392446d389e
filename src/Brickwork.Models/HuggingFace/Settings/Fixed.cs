using System.Text.Json;
using System.Text.Json.Nodes;

namespace Brickwork.Models.HuggingFace.Settings;

/// <summary>An entry for which this version knows one meaning only; another value is refused, a missing one is fine.</summary>
/// <param name="Name">Its name in config.json.</param>
/// <param name="Known">JSON values that all mean the same to us; the first is written.</param>
sealed record Fixed(string Name, params IReadOnlyList<string> Known) : Setting
{
    /// <summary>Whether the entry is written at all.</summary>
    public bool IsWritten { get; init; } = true;

    /// <summary>An activation, which is named in many ways.</summary>
    public static Fixed Activation(string name, params string[] known) => new(name, [.. known.Select(value => $"\"{value}\"")]);

    /// <summary>SiLU.</summary>
    public static Fixed Silu { get; } = Activation("hidden_act", "silu", "swish");

    /// <summary>GELU. The exact one is taken as its usual approximation, as other engines do; they differ by 5e-4 at most.</summary>
    public static Fixed Gelu(string name, string written) =>
        Activation(name, [written, "gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python", "gelu_python_tanh"]);

    public override void Read(ConfigSource config, CanonicalModel model)
    {
        if (config.Find(Name) is not { } found)
            return;
        foreach (var known in Known)
        {
            using var value = JsonDocument.Parse(known);
            if (JsonElement.DeepEquals(found, value.RootElement))
                return;
        }
        throw config.Unsupported(Name, found, string.Join(", ", Known));
    }

    public override void Write(CanonicalModel model, JsonObject config)
    {
        if (IsWritten)
            config[Name] = JsonNode.Parse(Known[0]);
    }
}

/// <summary>Metadata that a family always has, and of which config.json says nothing.</summary>
/// <param name="Key">Its name, without the architecture.</param>
/// <param name="Value">Its value.</param>
sealed record Always(string Key, object Value) : Setting
{
    public override void Read(ConfigSource config, CanonicalModel model) => model.Set(Key, Value);

    public override void Write(CanonicalModel model, JsonObject config)
    {
    }
}

/// <summary>Whether the head uses the embedding's matrix.</summary>
sealed record Tie : Setting
{
    public override void Read(ConfigSource config, CanonicalModel model) => model.IsTied = config.TryFlag("tie_word_embeddings")
        ?? (config.Outer.TryGetProperty("tie_word_embeddings", out var outer) && outer.ValueKind is JsonValueKind.True or JsonValueKind.False ? outer.GetBoolean() : null);

    public override void Write(CanonicalModel model, JsonObject config) => config["tie_word_embeddings"] = !model.Has("output.weight");
}

/// <summary>A truth value that says whether there is a tensor; on reading the tensors themselves tell.</summary>
/// <param name="Name">Its name in config.json.</param>
/// <param name="Tensor">GGUF's name of the tensor.</param>
sealed record Presence(string Name, string Tensor) : Setting
{
    public override void Read(ConfigSource config, CanonicalModel model)
    {
    }

    public override void Write(CanonicalModel model, JsonObject config) => config[Name] = model.Has(Tensor);
}

/// <summary>A rule of one family that fits no other.</summary>
/// <param name="Reads">From config.json to metadata.</param>
/// <param name="Writes">From metadata to config.json.</param>
sealed record Special(Action<ConfigSource, CanonicalModel> Reads, Action<CanonicalModel, JsonObject> Writes) : Setting
{
    public override void Read(ConfigSource config, CanonicalModel model) => Reads(config, model);

    public override void Write(CanonicalModel model, JsonObject config) => Writes(model, config);
}
