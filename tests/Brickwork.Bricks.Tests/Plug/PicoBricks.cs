using Brickwork.Formats.BrickFiles;
using Brickwork.Tensors.Weights;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Plug;

/// <summary>One brick of each kind for the pico model, with random values, so that each changes something.</summary>
static class PicoBricks
{
    public static readonly string[] Names = ["lora", "rslora", "dora", "ia3", "bottleneck", "bitfit", "vector", "embedding", "whole"];

    public static TheoryData<string> All() => [.. Names];

    /// <summary>Those that are made to be trained, as they begin.</summary>
    public static TheoryData<string> New() => ["lora", "rslora", "dora", "ia3", "bottleneck", "bitfit"];

    /// <summary>These, and those that begin near the model only.</summary>
    public static TheoryData<string> Trainable() => ["lora", "rslora", "dora", "ia3", "bottleneck", "bitfit", "pissa", "qlora", "prompt", "prefix", "bitdelta"];

    /// <summary>A new brick, which changes nothing yet.</summary>
    public static Brick Begin(string name, LanguageModel model) => name == "bitdelta" ? Signs(model) : Recipe(name).Make(model);

    static Brick Signs(LanguageModel model)
    {
        const string Name = "blk.1.ffn_gate.weight";
        var weight = model.Checkpoint.Open(Name);
        var random = new Random(8);
        var signs = SignMatrix.Of(weight.Rows, weight.Columns, (_, row) => Draw(random, 1, row.Length).Floats.CopyTo(row));
        return Of("bitdelta", BrickKind.BitDelta, (Name + BrickTensors.DeltaSigns, signs), (Name + BrickTensors.DeltaFactor, Tensor.From([0.05f], 1)));
    }

    /// <summary>A brick with values as training could leave them.</summary>
    public static Brick Make(string name, LanguageModel model, int seed = 1)
    {
        var random = new Random(seed);
        if (name is "vector")
            return Of(name, BrickKind.ControlVector, (BrickTensors.Direction + "1", Draw(random, 0.5f, PicoModel.Width)));
        if (name is "embedding")
            return Of(name, BrickKind.Lora,
                ("token_embd.weight" + BrickTensors.LoraDown, Draw(random, 1, PicoModel.Vocabulary, 3)), ("token_embd.weight" + BrickTensors.LoraUp, Draw(random, 1, PicoModel.Width, 3)));
        if (name is "whole")
            return Of(name, BrickKind.Whole, ("blk.1.attn_v.weight" + BrickTensors.Whole, Draw(random, 0.5f, 16, PicoModel.Width)));
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (var (tensor, values) in Begin(name, model).Tensors)
        {
            var copy = values.Type == DType.I8 ? values : values.ToFloats();
            if (BrickTensors.IsTrained(tensor))
                foreach (ref var value in copy.Floats)
                    value += (random.NextSingle() - 0.5f) * 0.5f;
            tensors.Add(tensor, copy);
        }
        return new Brick(Begin(name, model).Manifest with { Id = $"{name}-{seed}" }, tensors);
    }

    public static Tensor Draw(Random random, float spread, params long[] shape)
    {
        var tensor = Tensor.Zeros(shape);
        foreach (ref var value in tensor.Floats)
            value = (random.NextSingle() * 2 - 1) * spread;
        return tensor;
    }

    public static Brick Of(string id, BrickKind kind, params (string Name, Tensor Values)[] tensors)
    {
        var all = new OrderedDictionary<string, Tensor>();
        foreach (var (name, values) in tensors)
            all.Add(name, values);
        return new Brick(new BrickManifest { Id = id, Kind = kind }, all);
    }

    static NewBrick Recipe(string name) => name switch
    {
        "lora" => new NewLora { Id = name, Targets = new("layers.*.attention.{query,value,output}"), Rank = 4, Alpha = 8 },
        "rslora" => new NewLora { Id = name, Targets = new("layers.*.feedForward.*"), Rank = 4, Scaling = LoraScaling.ByRootOfRank, Seed = 7 },
        "dora" => new NewDora { Id = name, Targets = new("layers.*.attention.{key,value}"), Rank = 2 },
        "ia3" => new NewIa3 { Id = name, Targets = new("layers.*.{attention.key,attention.value,feedForward.down}") },
        "bottleneck" => new NewBottleneck { Id = name, Targets = new("layers.*.{attention,feedForward}"), Neurons = 5 },
        "pissa" => new NewPissa { Id = name, Targets = new("layers.*.attention.{query,value}"), Rank = 3, Alpha = 6 },
        "qlora" => new NewQLora { Id = name, Targets = new("layers.*.attention.{query,key}"), Rank = 4 },
        "prompt" => new NewPrompt { Id = name, Targets = NewPrompt.UsualTargets, Tokens = 3 },
        "prefix" => new NewPrefix { Id = name, Targets = NewPrefix.UsualTargets, Tokens = 3 },
        "bitfit" => new NewBitFit { Id = name, Targets = new("layers.*.attention.*") },
        _ => throw new ArgumentException($"There is no brick '{name}'.", nameof(name)),
    };
}
