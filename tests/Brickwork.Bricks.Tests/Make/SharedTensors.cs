using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Make;

/// <summary>Bricks, as files hold them, of tensors that are several projections: queries, keys and values in one, and experts in a stack.</summary>
static class SharedTensors
{
    const string Joined = "blk.1.attn_qkv.weight", Stack = "blk.1.ffn_gate_exps.weight";
    const int Outputs = 64, Hidden = 64, Rank = 3;

    public static TheoryData<string> All() => ["joined lora", "joined dora", "joined ia3", "joined inputs", "joined bitfit", "stacked lora", "stacked dora"];

    public static LanguageModel Model(string name) => name.StartsWith("stacked", StringComparison.Ordinal) ? PicoModel.Mixture() : PicoModel.Joined();

    public static Brick Make(string name, LanguageModel model)
    {
        var random = new Random(3);
        return name switch
        {
            "joined lora" => PicoBricks.Of(name, BrickKind.Lora, [.. Factors(random)]),
            "joined dora" => PicoBricks.Of(name, BrickKind.Dora, [.. Factors(random), (Joined + BrickTensors.Magnitude, Near(1, random, Outputs))]),
            "joined ia3" => PicoBricks.Of(name, BrickKind.Ia3, (Joined + BrickTensors.OutputFactors, Near(1, random, Outputs))),
            "joined inputs" => PicoBricks.Of(name, BrickKind.Ia3, (Joined + BrickTensors.InputFactors, Near(1, random, PicoModel.Width))),
            "joined bitfit" => PicoBricks.Of(name, BrickKind.BitFit, (Joined + BrickTensors.Shift, Near(0, random, Outputs))),
            "stacked lora" => PicoBricks.Of(name, BrickKind.Lora, [.. Experts(random)]),
            "stacked dora" => PicoBricks.Of(name, BrickKind.Dora, [.. Experts(random), (Stack + BrickTensors.Magnitude, Near(1, random, PicoModel.Experts * Hidden))]),
            _ => throw new ArgumentException($"There is no brick '{name}' for {model.Config.Name}.", nameof(name)),
        };
    }

    static IEnumerable<(string, Tensor)> Factors(Random random) =>
    [
        (Joined + BrickTensors.LoraDown, PicoBricks.Draw(random, 0.5f, Rank, PicoModel.Width)),
        (Joined + BrickTensors.LoraUp, PicoBricks.Draw(random, 0.5f, Outputs, Rank)),
        (Joined + BrickTensors.LoraFactor, Tensor.From([2], 1)),
    ];

    static IEnumerable<(string, Tensor)> Experts(Random random) =>
    [
        (Stack + BrickTensors.LoraDown, PicoBricks.Draw(random, 0.5f, PicoModel.Experts, Rank, PicoModel.Width)),
        (Stack + BrickTensors.LoraUp, PicoBricks.Draw(random, 0.5f, PicoModel.Experts, Hidden, Rank)),
    ];

    static Tensor Near(float value, Random random, int count)
    {
        var tensor = PicoBricks.Draw(random, 0.3f, count);
        foreach (ref var each in tensor.Floats)
            each += value;
        return tensor;
    }
}
