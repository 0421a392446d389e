using Brickwork.Bricks.Make;
using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork;

/// <summary>How strongly the product of two factors counts.</summary>
public enum LoraScaling
{
    /// <summary>α/r (Hu et al. 2021).</summary>
    ByRank,

    /// <summary>α/√r, so that high ranks learn as fast as low ones: rsLoRA (Kalajdzievski 2023).</summary>
    ByRootOfRank,
}

/// <summary>Low-rank changes of projections. A begins random, B with zeros.</summary>
public record NewLora : NewBrick
{
    /// <summary>r, the rank.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>α.</summary>
    public float Alpha { get; init; } = 8;

    /// <summary>What α is divided by.</summary>
    public LoraScaling Scaling { get; init; }

    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.Lora;

    internal float Factor => (float)(Alpha / (Scaling == LoraScaling.ByRank ? Rank : Math.Sqrt(Rank)));

    internal override IEnumerable<(string Name, object? Value)> Settings => [.. base.Settings, ("rank", Rank), ("alpha", Alpha), ("scaling", Scaling)];

    internal override IEnumerable<string> Faults() =>
        [.. base.Faults(), .. Positive(Rank, "rank"), .. float.IsFinite(Alpha) ? (string[])[] : [$"'brick.alpha' is {Alpha}; expected a finite number."]];

    internal override IEnumerable<NewTensor> List(LanguageModel model)
    {
        foreach (var (name, projection) in Projections(model))
        {
            if (Rank > Math.Max(projection.Inputs, projection.Rows))
                throw new RecipeException($"'brick.rank' is {Rank}, but '{name}' has {projection.Inputs} inputs and {projection.Rows} outputs; expected no more than the larger of them.",
                    "Give a smaller rank, such as 8 or 16; a change of full rank is a fine-tuning of the whole model.");
            yield return new NewTensor(name + BrickTensors.LoraDown, new Shape(Rank, projection.Inputs), FirstValues.Kaiming(Seed, name));
            yield return new NewTensor(name + BrickTensors.LoraUp, new Shape(projection.Rows, Rank));
            yield return new NewTensor(name + BrickTensors.LoraFactor, new Shape(1), FirstValues.Constant(Factor));
        }
    }
}

/// <summary>Low-rank changes of the direction of weights, and their magnitudes: DoRA (Liu et al. 2024).</summary>
public sealed record NewDora : NewLora
{
    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.Dora;

    internal override IEnumerable<NewTensor> List(LanguageModel model)
    {
        foreach (var tensor in base.List(model))
            yield return tensor;
        foreach (var (name, projection) in Projections(model))
            yield return new NewTensor(name + BrickTensors.Magnitude, new Shape(projection.Rows), tensor =>
            {
                // B is zero yet, so that these are the norms of the weights themselves.
                var nothing = Tensor.Zeros(projection.Rows, 1);
                DoraLinear.Norms(model.Compute, projection.Part, Tensor.Zeros(1, projection.Inputs), nothing, 1).CopyTo(tensor.Floats);
            });
    }
}
