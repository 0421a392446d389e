using System.Text.Json;
using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Formats.Writing;

namespace Brickwork.Bricks.Peft;

/// <summary>Writes a brick as a folder that PEFT loads.</summary>
sealed class PeftWriting
{
    readonly Brick _brick;
    readonly PeftNames _names;
    readonly List<PeftTensor> _tensors = [];
    readonly SortedSet<string> _modules = new(StringComparer.Ordinal);
    readonly SortedSet<string> _feedForward = new(StringComparer.Ordinal);
    readonly SortedSet<string> _saved = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, int> _ranks = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, double> _alphas = new(StringComparer.Ordinal);

    PeftWriting(Brick brick, LanguageModel model) => (_brick, _names) = (brick, new PeftNames(model));

    /// <exception cref="UnsupportedModelException">PEFT has no form for it.</exception>
    public static void Write(string path, Brick brick, LanguageModel model, BrickManifest manifest, SaveOptions? options)
    {
        if (brick.Kind is BrickKind.Prompt or BrickKind.Prefix)
        {
            var form = new PeftVirtual(model);
            var rows = form.Write(brick);
            PeftFolder.Write(path, json => form.Configure(json, brick.Kind, rows.Rows), [new PeftTensor("", PeftRole.Prompt, rows)], manifest, options);
            return;
        }
        if (brick.Kind is not (BrickKind.Lora or BrickKind.QLora or BrickKind.Dora or BrickKind.Ia3))
            throw new UnsupportedModelException($"Brick '{brick.Id}' is of the kind {brick.Kind}; folders of PEFT are written for LoRA, DoRA, (IA)³, prompts and prefixes.", "Keep it as a .brick file.");
        var writing = new PeftWriting(brick, model);
        foreach (var (name, tensor) in brick.Tensors)
            writing.Take(name, tensor);
        PeftFolder.Write(path, writing.Configure, writing._tensors, manifest, options);
    }

    void Take(string name, Tensor values)
    {
        var (target, role) = BrickTensors.Split(name)!.Value;
        var (module, order) = _names.ModuleOf(target, _brick.Id);
        var isEmbedding = target == TargetIndex.Tokens;
        (role == BrickTensors.Whole ? _saved : _modules).Add(module);
        switch (role)
        {
            case BrickTensors.LoraDown:
                _tensors.Add(new PeftTensor(module, isEmbedding ? PeftRole.EmbeddingDown : PeftRole.LoraDown, isEmbedding ? BrickReader.Transposed(values) : values));
                break;
            case BrickTensors.LoraUp:
                _tensors.Add(new PeftTensor(module, isEmbedding ? PeftRole.EmbeddingUp : PeftRole.LoraUp, isEmbedding ? values : order(values)));
                _ranks[module] = values.Columns;
                _alphas[module] = values.Columns * (double)_brick.FactorOf(target);
                break;
            case BrickTensors.LoraFactor:
                break;
            case BrickTensors.Magnitude:
                _tensors.Add(new PeftTensor(module, PeftRole.Magnitude, order(values)));
                break;
            case BrickTensors.OutputFactors:
                _tensors.Add(new PeftTensor(module, PeftRole.Factors, order(values).Reshape(values.Shape.Count, 1)));
                break;
            case BrickTensors.InputFactors:
                _tensors.Add(new PeftTensor(module, PeftRole.Factors, values.Reshape(1, values.Shape.Count)));
                _feedForward.Add(module);
                break;
            case BrickTensors.Whole:
                _tensors.Add(new PeftTensor(module, PeftRole.Whole, order(values)));
                break;
            default:
                throw new UnsupportedModelException($"Brick '{_brick.Id}' holds '{name}', for which PEFT has no form.", "Keep it as a .brick file.");
        }
    }

    void Configure(Utf8JsonWriter json)
    {
        json.WriteString("peft_type", _brick.Kind == BrickKind.Ia3 ? "IA3" : "LORA");
        json.WriteString("task_type", "CAUSAL_LM");
        json.WriteNull("base_model_name_or_path");
        json.WriteBoolean("inference_mode", true);
        json.WriteTexts("target_modules", _modules);
        if (_saved.Count > 0)
            json.WriteTexts("modules_to_save", _saved);
        if (_brick.Kind == BrickKind.Ia3)
        {
            json.WriteTexts("feedforward_modules", _feedForward);
            return;
        }
        var rank = _ranks.Values.GroupBy(value => value).MaxBy(group => group.Count())!.Key;
        var alpha = _alphas.Values.GroupBy(value => value).MaxBy(group => group.Count())!.Key;
        json.WriteNumber("r", rank);
        json.WriteNumber("lora_alpha", alpha);
        json.WriteNumber("lora_dropout", 0);
        json.WriteString("bias", "none");
        json.WriteBoolean("use_dora", _brick.Kind == BrickKind.Dora);
        json.WriteBoolean("use_rslora", false);
        WritePattern(json, "rank_pattern", _ranks.Where(entry => entry.Value != rank).Select(entry => (entry.Key, (double)entry.Value)));
        WritePattern(json, "alpha_pattern", _alphas.Where(entry => entry.Value != alpha).Select(entry => (entry.Key, entry.Value)));
    }

    // The keys are regular expressions to PEFT.
    static void WritePattern(Utf8JsonWriter json, string name, IEnumerable<(string Module, double Value)> entries)
    {
        json.WriteStartObject(name);
        foreach (var (module, value) in entries)
            json.WriteNumber("^" + module.Replace(".", "\\.", StringComparison.Ordinal), value);
        json.WriteEndObject();
    }
}
