using Brickwork.Bricks.Make;
using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Kernels.Blocks;
using Brickwork.Models.Parts;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork;

/// <summary>Rows before those of every text, which begin as those of random tokens: prompt tuning (Lester et al. 2021).</summary>
public sealed record NewPrompt : NewBrick
{
    /// <summary>n, the rows.</summary>
    public int Tokens { get; init; } = 20;

    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.Prompt;

    internal override string Granularity => "model";

    /// <summary>The one place for them.</summary>
    internal static SlotPattern UsualTargets { get; } = new("embedding");

    internal override int VirtualTokens => Tokens;

    internal override IEnumerable<(string Name, object? Value)> Settings => [.. base.Settings, ("tokens", Tokens)];

    internal override IEnumerable<string> Faults() => [.. base.Faults(), .. Positive(Tokens, "tokens")];

    internal override IEnumerable<NewTensor> List(LanguageModel model)
    {
        foreach (var slot in Targets.Find(model.Decoder))
        {
            if (slot.Text != UsualTargets.Text)
                throw new RecipeException($"The pattern '{Targets}' means slot '{slot}'; a prompt stands before the rows of the embedding.", $"Leave the targets out, or name {UsualTargets}.");
            yield return new NewTensor(slot + BrickTensors.Prompt, new Shape(Tokens, model.Config.Width), rows => Fill(rows, model));
        }
    }

    void Fill(Tensor rows, LanguageModel model)
    {
        if (Adapter.Innermost(model.Decoder.Embedding) is not Embedding embedding)
            return;
        var random = new SeededRandom(unchecked((long)Seed));
        for (var row = 0; row < rows.Rows; row++)
        {
            Dequantizer.Run(embedding.Tokens.Type, embedding.Tokens.RowSpan(random.NextInt32(embedding.Tokens.Rows), 1), rows.Row(row));
            foreach (ref var value in rows.Row(row))
                value *= embedding.Scale;
        }
    }
}

/// <summary>Keys and values before those of every text, in every layer: prefix tuning (Li &amp; Liang 2021).</summary>
public sealed record NewPrefix : NewBrick
{
    const double Deviation = 0.1;

    /// <summary>n, the keys of a layer.</summary>
    public int Tokens { get; init; } = 20;

    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.Prefix;

    internal override string Granularity => "layer";

    /// <summary>Every attention.</summary>
    internal static SlotPattern UsualTargets { get; } = new("layers.*.attention");

    internal override int VirtualTokens => Tokens;

    internal override IEnumerable<(string Name, object? Value)> Settings => [.. base.Settings, ("tokens", Tokens)];

    internal override IEnumerable<string> Faults() => [.. base.Faults(), .. Positive(Tokens, "tokens")];

    internal override IEnumerable<NewTensor> List(LanguageModel model)
    {
        var index = new TargetIndex(model);
        foreach (var slot in Targets.Find(model.Decoder))
        {
            yield return Rows(slot + BrickTensors.PrefixKeys, slot + ".key", index);
            yield return Rows(slot + BrickTensors.PrefixValues, slot + ".value", index);
        }
    }

    NewTensor Rows(string name, string slot, TargetIndex index) => index.Find(slot) is [var projection]
        ? new NewTensor(name, new Shape(Tokens, projection.Rows), FirstValues.Normal(Seed, name, Deviation))
        : throw new RecipeException($"The pattern '{Targets}' means a slot without '{slot}'; a prefix stands before the keys and values of an attention.", $"Name attentions: {UsualTargets}");
}
