using System.Text.Json;
using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts;
using Brickwork.Tensors.Operations;

namespace Brickwork.Bricks.Peft;

/// <summary>Prompts and prefixes in PEFT's form: one tensor, a row for each virtual token.</summary>
/// <remarks>A row of a prefix holds the key and the value of every layer; the keys are turned by their positions already, ours are not yet.</remarks>
sealed class PeftVirtual(LanguageModel model)
{
    const string Embedding = "embedding";
    readonly PeftNames _names = new(model);

    /// <exception cref="CheckpointException">The tensor is not there, or does not fit the model.</exception>
    public OrderedDictionary<string, Tensor> Read(PeftFolder folder)
    {
        if (folder.Tensors is not [{ Role: PeftRole.Prompt, Values: var rows }])
            throw new CheckpointException($"{folder.Path} holds {folder.Tensors.Count} tensors; expected one, 'prompt_embeddings'.", "Save the adapter again.");
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        if (folder.Config.Type == PeftFolder.Prompt)
        {
            Require(folder.Path, rows, model.Config.Width);
            tensors.Add(Embedding + BrickTensors.Prompt, rows.ToFloats());
            return tensors;
        }
        var layers = Layers();
        Require(folder.Path, rows, layers.Sum(layer => layer.Width));
        var (all, first) = (rows.ToFloats(), 0);
        foreach (var layer in layers)
        {
            var keys = FromPeft(layer.Keys, Columns(all, first, layer.Keys.Rows), folder.Path);
            Turn(keys, layer, isBack: true);
            tensors.Add(layer.Name + BrickTensors.PrefixKeys, keys);
            tensors.Add(layer.Name + BrickTensors.PrefixValues, FromPeft(layer.Values, Columns(all, first + layer.Keys.Rows, layer.Values.Rows), folder.Path));
            first += layer.Width;
        }
        return tensors;
    }

    /// <summary>The tensor of a brick of either kind.</summary>
    /// <exception cref="UnsupportedModelException">PEFT has no form for it.</exception>
    public Tensor Write(Brick brick)
    {
        if (brick.Kind == BrickKind.Prompt)
            return brick.Open(Embedding + BrickTensors.Prompt).ToFloats();
        var layers = Layers();
        var count = brick.Tensors.First().Value.Rows;
        var all = Tensor.Zeros(count, layers.Sum(layer => layer.Width));
        var first = 0;
        foreach (var layer in layers)
        {
            if (!brick.Tensors.ContainsKey(layer.Name + BrickTensors.PrefixKeys))
                throw new UnsupportedModelException($"Brick '{brick.Id}' has no prefix for '{layer.Name}'; PEFT has one in every layer.", "Keep it as a .brick file.");
            var keys = brick.Matrix(layer.Name + BrickTensors.PrefixKeys, count, layer.Keys.Rows);
            Turn(keys, layer, isBack: false);
            Put(ToPeft(layer.Keys, keys, brick.Id), all, first);
            Put(ToPeft(layer.Values, brick.Matrix(layer.Name + BrickTensors.PrefixValues, count, layer.Values.Rows), brick.Id), all, first + layer.Keys.Rows);
            first += layer.Width;
        }
        return all;
    }

    /// <summary>The entries of the settings.</summary>
    public void Configure(Utf8JsonWriter json, BrickKind kind, int count)
    {
        var isPrompt = kind == BrickKind.Prompt;
        json.WriteString("peft_type", isPrompt ? PeftFolder.Prompt : PeftFolder.Prefix);
        json.WriteString("task_type", "CAUSAL_LM");
        json.WriteNull("base_model_name_or_path");
        json.WriteBoolean("inference_mode", true);
        json.WriteNumber("num_virtual_tokens", count);
        json.WriteNumber("num_transformer_submodules", 1);
        json.WriteNumber("num_layers", model.Config.Layers);
        // With heads that share keys, PEFT counts those of the keys, and their width.
        var heads = isPrompt ? model.Config.Heads : model.Config.KvHeads;
        json.WriteNumber("num_attention_heads", heads);
        json.WriteNumber("token_dim", isPrompt ? model.Config.Width : Layers()[0].Keys.Rows);
        if (isPrompt)
            json.WriteString("prompt_tuning_init", "RANDOM");
        else
        {
            json.WriteNumber("encoder_hidden_size", Layers()[0].Keys.Rows);
            json.WriteBoolean("prefix_projection", false);
        }
    }

    IReadOnlyList<Layer> Layers() =>
    [
        .. new SlotPattern(NewPrefix.UsualTargets.Text).Find(model.Decoder).Select(slot => model.Decoder.Find(slot) is Attention { KeyNorm: null, RotateBeforeNorm: false } attention
            ? new Layer(slot.Text, Projection(slot + ".key"), Projection(slot + ".value"), attention)
            : throw new UnsupportedModelException($"Keys in slot '{slot}' of {model.Config.Name} are normed, so that those of PEFT cannot be brought into this form.", "Keep the prefix as a .brick file.")),
    ];

    Projection Projection(string slot) => _names.Targets.Find(slot) is [var projection] ? projection
        : throw new UnsupportedModelException($"{model.Config.Name} has no projection in slot '{slot}'.", "Keep the prefix as a .brick file.");

    /// <summary>Turns keys by the positions of their tokens, or back.</summary>
    void Turn(Tensor keys, Layer layer, bool isBack)
    {
        if (layer.Attention.Rope is not { } rope)
            return;
        int[] positions = [.. Enumerable.Range(0, keys.Rows)];
        var (heads, width) = (layer.Attention.Options.KvHeads, layer.Attention.Options.KeyWidth);
        if (!isBack)
        {
            Rope.Run(model.Compute, keys, positions, rope, heads, width);
            return;
        }
        Rope.Backward(model.Compute, keys, positions, rope, heads, width);
        // The transposed turn has the magnitude once more instead of dividing by it; it is on the turning values only.
        var undo = (float)(1 / (rope.Magnitude * rope.Magnitude));
        for (var row = 0; row < keys.Rows; row++)
            for (var column = 0; column < keys.Columns; column++)
                if (column % width < rope.Width)
                    keys.Row(row)[column] *= undo;
    }

    Tensor FromPeft(Projection projection, Tensor rows, string source)
    {
        var (module, _) = _names.ModuleOf(_names.Targets.NameOf(projection), source);
        return BrickReader.Transposed(_names.FromPeft(module, BrickReader.Transposed(rows), source)[0]);
    }

    Tensor ToPeft(Projection projection, Tensor rows, string brick)
    {
        var (_, order) = _names.ModuleOf(_names.Targets.NameOf(projection), brick);
        return BrickReader.Transposed(order(BrickReader.Transposed(rows)));
    }

    void Require(string path, Tensor rows, int columns)
    {
        if (rows.Columns != columns)
            throw new CheckpointException($"Tensor 'prompt_embeddings' in {path} is {rows.Shape}; {model.Config.Name} implies [{rows.Rows}, {columns}].", "The adapter is for another model: name its base model with -m.");
    }

    static Tensor Columns(Tensor all, int first, int count)
    {
        var some = Tensor.Zeros(all.Rows, count);
        for (var row = 0; row < all.Rows; row++)
            all.Row(row).Slice(first, count).CopyTo(some.Row(row));
        return some;
    }

    static void Put(Tensor some, Tensor all, int first)
    {
        for (var row = 0; row < some.Rows; row++)
            some.Row(row).CopyTo(all.Row(row)[first..]);
    }

    sealed record Layer(string Name, Projection Keys, Projection Values, Attention Attention)
    {
        public int Width => Keys.Rows + Values.Rows;
    }
}
