using System.Runtime.InteropServices;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Weights;

/// <summary>Quantized weights laid out as panels of rows, for products with 8-bit inputs.</summary>
sealed class PackedWeights
{
    // A chunk is worth the trip to another thread from about here on.
    const long ChunkBytes = 1 << 16;

    readonly PanelProduct _product;
    readonly StoragePiece _panels;
    readonly int _rows;
    readonly int _columns;
    readonly long _panelBytes;

    PackedWeights(PanelProduct product, StoragePiece panels, int rows, int columns)
    {
        _product = product;
        _panels = panels;
        _rows = rows;
        _columns = columns;
        _panelBytes = product.PanelBytes(columns);
    }

    /// <summary>Copies stored weights into the layout of their product and gives the pages they came from back.</summary>
    public static PackedWeights From(Compute compute, Tensor stored, PanelProduct product)
    {
        var panels = (stored.Rows + PanelProduct.PanelRows - 1) / PanelProduct.PanelRows;
        var memory = compute.PackedMemory.Take(product.PanelBytes(stored.Columns) * panels);
        compute.Team.Run(panels, new PackJob(product, stored, memory));
        stored.ReleasePages();
        return new PackedWeights(product, memory, stored.Rows, stored.Columns);
    }

    /// <summary>y[t, r] = Σ_k weight[r, k] · x[t, k].</summary>
    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="blocks">Rows of <see cref="ActivationBlocks"/>.</param>
    /// <param name="y">[T, R] F32.</param>
    public void Multiply(Compute compute, Tensor blocks, Tensor y)
    {
        var tiles = (_rows + PanelProduct.TileRows - 1) / PanelProduct.TileRows;
        var tileBytes = 2 * _panelBytes * ((blocks.Rows + 3) / 4);
        var chunkRows = (int)Math.Clamp(ChunkBytes / tileBytes, 1, tiles) * PanelProduct.TileRows;
        compute.Team.Run((_rows + chunkRows - 1) / chunkRows, new MultiplyJob(this, compute.InstructionSet, blocks, y, chunkRows));
    }

    void MultiplyRows(InstructionSet path, int row, int rows, Tensor blocks, Tensor y)
    {
        var first = row / PanelProduct.PanelRows;
        var count = (rows + PanelProduct.PanelRows - 1) / PanelProduct.PanelRows;
        var panels = _panels.Bytes(first * _panelBytes, checked((int)(count * _panelBytes)));
        var inputs = MemoryMarshal.AsBytes(blocks.Floats);
        var inputBytes = ActivationBlocks.RowBytes(_columns) * PanelProduct.MostTokens;
        var outputs = y.Floats[row..];
        for (var token = 0; !inputs.IsEmpty; token += PanelProduct.MostTokens)
        {
            var some = inputs[..Math.Min(inputBytes, inputs.Length)];
            _product.Multiply(path, panels, some, _columns, rows, outputs[(token * _rows)..], _rows);
            inputs = inputs[some.Length..];
        }
    }

    readonly struct PackJob(PanelProduct product, Tensor stored, StoragePiece panels) : IParallelJob
    {
        public void Run(int chunk)
        {
            var row = chunk * PanelProduct.PanelRows;
            var bytes = product.PanelBytes(stored.Columns);
            var rows = stored.RowSpan(row, Math.Min(PanelProduct.PanelRows, stored.Rows - row));
            product.Pack(rows, stored.Columns, panels.Bytes(chunk * bytes, checked((int)bytes)));
        }
    }

    readonly struct MultiplyJob(PackedWeights weights, InstructionSet path, Tensor blocks, Tensor y, int chunkRows) : IParallelJob
    {
        public void Run(int chunk)
        {
            var row = chunk * chunkRows;
            weights.MultiplyRows(path, row, Math.Min(chunkRows, weights._rows - row), blocks, y);
        }
    }
}
