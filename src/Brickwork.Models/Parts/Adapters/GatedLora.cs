using Brickwork.Kernels.Activations;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>y + σ(v·x)·s·B(A·x): LoRA behind a gate that learns for which rows it is good (PHATGOOSE, Muqeeth et al. 2024, section 3.2).</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The projection.</param>
sealed record GatedLora(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    readonly Tensor _ones;

    /// <summary>A, [r, in]; it does not learn any more.</summary>
    public required Tensor Down { get; init; }

    /// <summary>B, [out, r]; it does not learn any more.</summary>
    public required Tensor Up
    {
        get;
        init
        {
            field = value;
            _ones = Tensor.Zeros(value.Columns, 1);
            _ones.Floats.Fill(1);
        }
    }

    /// <summary>v, [in].</summary>
    public required Tensor Gate { get; init; }

    /// <summary>s.</summary>
    public float Factor { get; init; } = 1;

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        var gates = context.Activate(ActivationKind.Sigmoid, context.Multiply(input, Gate.Reshape(1, Gate.Shape.Count)));       // [T, 1]
        var low = context.Product(context.Multiply(input, Down), context.Multiply(gates, _ones));                               // [T, r]
        return context.AddTo(output, context.Multiply(context.Scale(low, strength * Factor), Up));
    }
}
