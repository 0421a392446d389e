using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Weights;

/// <summary>Weights of a linear map, stored in any type, in the form in which they multiply fastest.</summary>
/// <remarks>
/// With <see cref="Precision.Fast"/>, quantized weights are laid out anew at their first product, and the pages of the file they came from
/// are given back, unless the layout was kept in a file. Products from several threads are safe.
/// </remarks>
/// <param name="stored">[R, K]; a slice of a stack of experts is as good as a matrix.</param>
sealed class WeightMatrix(Tensor stored)
{
    readonly Lock _packing = new();
    volatile PackedWeights? _packed;

    /// <summary>[R, K] as stored; looking up single rows reads these.</summary>
    public Tensor Stored { get; } = stored;

    /// <summary>Outputs per token.</summary>
    public int Rows => Stored.Rows;

    /// <summary>Inputs per token.</summary>
    public int Columns => Stored.Columns;

    /// <summary>
    /// y[t, r] = Σ_k weight[r, k] · x[t, k]. One output's bits depend on its two rows only, not on the batch or the threads.
    /// </summary>
    /// <param name="compute">Threads, kernel path and precision.</param>
    /// <param name="x">[T, K].</param>
    /// <param name="y">[T, R] F32.</param>
    public void Multiply(Compute compute, in ActivationRows x, Tensor y)
    {
        if (x.Blocks is { } blocks && Packed(compute) is { } packed)
        {
            MatMul.Check(x.Values, Stored, y);
            packed.Multiply(compute, blocks, y);
        }
        else
            MatMul.Run(compute, x.Values, Stored, y);
    }

    /// <summary>Lays the weights out now instead of at the first product, where they have a layout of their own.</summary>
    public void Prepare(Compute compute)
    {
        if (MayUseBlocks(compute, Columns))
            Packed(compute);
    }

    /// <summary>Bytes of the weights laid out anew; 0 where they have no layout of their own.</summary>
    public long PanelBytes(Compute compute) => MayUseBlocks(compute, Columns) && PanelProduct.Find(Stored.Type) is { } product
        ? PackedWeights.PanelBytes(Stored, product) : 0;

    /// <summary>The weights laid out anew; null before that.</summary>
    public StoragePiece? Panels => _packed?.Panels;

    /// <summary>Panels to use, if they are sound, in place of laying the weights out.</summary>
    public StoredPanels? Kept { get; set; }

    /// <summary>Whether inputs of that many columns may be rounded to 8-bit blocks.</summary>
    internal static bool MayUseBlocks(Compute compute, int columns) =>
        compute.Precision == Precision.Fast && compute.InstructionSet >= InstructionSet.Avx2 && columns > 0
        && columns % ActivationBlocks.BlockLength == 0;

    /// <summary>The weights in the layout of products with rounded inputs; null where their type has none.</summary>
    internal PackedWeights? Packed(Compute compute)
    {
        if (_packed is { } packed)
            return packed;
        if (PanelProduct.Find(Stored.Type) is not { } product)
            return null;
        lock (_packing)
            return _packed ??= PackedWeights.From(compute, Stored, product, Kept);
    }
}
