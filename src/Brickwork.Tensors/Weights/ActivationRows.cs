using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Weights;

/// <summary>The inputs of one or several products, in the forms that weights may ask for; made once and shared by all of them.</summary>
readonly struct ActivationRows
{
    ActivationRows(Tensor values) => Values = values;

    /// <summary>[T, K] F32.</summary>
    public Tensor Values { get; }

    /// <summary>Inputs for <see cref="WeightMatrix.Multiply"/>, valid as long as what was taken from the arena.</summary>
    /// <param name="compute">Says which forms its products need.</param>
    /// <param name="values">[T, K] F32; must not change while the result is in use.</param>
    /// <param name="arena">Where other forms live.</param>
    public static ActivationRows Of(Compute compute, Tensor values, Arena arena)
    {
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(arena);
        return new ActivationRows(values);
    }
}
