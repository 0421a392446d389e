using Brickwork.Tensors.Operations;

namespace Brickwork.Tensors.Weights;

/// <summary>Weights of a linear map, stored in any type, in the form in which they multiply fastest.</summary>
/// <param name="stored">[R, K]; a slice of a stack of experts is as good as a matrix.</param>
sealed class WeightMatrix(Tensor stored)
{
    /// <summary>[R, K] as stored; looking up single rows reads these.</summary>
    public Tensor Stored { get; } = stored;

    /// <summary>Outputs per token.</summary>
    public int Rows => Stored.Rows;

    /// <summary>Inputs per token.</summary>
    public int Columns => Stored.Columns;

    /// <summary>y[t, r] = Σ_k weight[r, k] · x[t, k]. One output's bits depend on its two rows only, not on the batch or the threads.</summary>
    /// <param name="compute">Threads, kernel path and precision.</param>
    /// <param name="x">[T, K].</param>
    /// <param name="y">[T, R] F32.</param>
    public void Multiply(Compute compute, in ActivationRows x, Tensor y) => MatMul.Run(compute, x.Values, Stored, y);
}
