using Brickwork.Bricks.Make;
using Brickwork.Formats.BrickFiles;

namespace Brickwork;

/// <summary>(IA)³: a factor for each output of some projections and each input of others; all begin with 1 (Liu et al. 2022).</summary>
public sealed record NewIa3 : NewBrick
{
    /// <summary>Those of the targets whose inputs are scaled; in the paper the last projections of feed-forward parts. Null = those named <c>down</c>.</summary>
    public SlotPattern? Inputs { get; init; }

    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.Ia3;

    /// <summary>Keys, values, and what the last projection of a feed-forward part takes, as in the paper.</summary>
    internal static SlotPattern UsualTargets { get; } = new("layers.*.{attention.key,attention.value,feedForward.down}");

    internal override IEnumerable<(string Name, object? Value)> Settings => [.. base.Settings, ("inputs", Inputs?.Text)];

    internal override IEnumerable<NewTensor> List(LanguageModel model)
    {
        var inputs = Inputs ?? new SlotPattern("**.down");
        foreach (var (name, projection) in Projections(model))
            yield return inputs.Matches(projection.Name)
                ? new NewTensor(name + BrickTensors.InputFactors, new Shape(projection.Inputs), FirstValues.Constant(1))
                : new NewTensor(name + BrickTensors.OutputFactors, new Shape(projection.Rows), FirstValues.Constant(1));
    }
}

/// <summary>Biases, which begin with 0; also where the architecture has none (BitFit, Ben Zaken et al. 2022).</summary>
public sealed record NewBitFit : NewBrick
{
    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.BitFit;

    internal override IEnumerable<NewTensor> List(LanguageModel model) =>
        Projections(model).Select(target => new NewTensor(target.Name + BrickTensors.Shift, new Shape(target.Projection.Rows)));
}

/// <summary>Small networks behind the halves of a layer. The first matrix begins random, the second with zeros (Houlsby et al. 2019).</summary>
public sealed record NewBottleneck : NewBrick
{
    /// <summary>m, the values between the two matrices.</summary>
    public int Neurons { get; init; } = 16;

    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.Bottleneck;

    internal override string Granularity => "layer";

    /// <summary>Both halves of every layer.</summary>
    internal static SlotPattern UsualTargets { get; } = new("layers.*.{attention,feedForward}");

    internal override IEnumerable<(string Name, object? Value)> Settings => [.. base.Settings, ("neurons", Neurons)];

    internal override IEnumerable<string> Faults() => [.. base.Faults(), .. Positive(Neurons, "neurons")];

    internal override IEnumerable<NewTensor> List(LanguageModel model)
    {
        var width = model.Config.Width;
        foreach (var slot in Targets.Find(model.Decoder))
        {
            if (!slot.Text.EndsWith(".attention", StringComparison.Ordinal) && !slot.Text.EndsWith(".feedForward", StringComparison.Ordinal))
                throw new RecipeException($"The pattern '{Targets}' means slot '{slot}'; a bottleneck stands behind an attention or feed-forward part.", "Name halves of layers: layers.*.{attention,feedForward}");
            yield return new NewTensor(slot + BrickTensors.BottleneckDown, new Shape(Neurons, width), FirstValues.Kaiming(Seed, slot.Text));
            yield return new NewTensor(slot + BrickTensors.BottleneckDownBias, new Shape(Neurons));
            yield return new NewTensor(slot + BrickTensors.BottleneckUp, new Shape(width, Neurons));
            yield return new NewTensor(slot + BrickTensors.BottleneckUpBias, new Shape(width));
        }
    }
}
