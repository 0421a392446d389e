using Brickwork.Formats.BrickFiles;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>y + s·B(A·x): a low-rank change of a projection (Hu et al. 2021; with s = α/√r, Kalajdzievski 2023).</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The projection.</param>
sealed record LoraLinear(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    /// <summary>The name of the changed tensor or slot in the brick.</summary>
    public required string Target { get; init; }

    /// <summary>A, [r, in].</summary>
    public required Tensor Down { get; init; }

    /// <summary>B, [out, r].</summary>
    public required Tensor Up { get; init; }

    /// <summary>s.</summary>
    public float Factor { get; init; } = 1;

    public override IEnumerable<(string Name, Tensor Values)> Weights => [(Target + BrickTensors.LoraDown, Down), (Target + BrickTensors.LoraUp, Up)];

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        var low = context.Scale(context.Multiply(input, Down), strength * Factor);           // [T, r]
        return context.AddTo(output, context.Multiply(low, Up));
    }
}
