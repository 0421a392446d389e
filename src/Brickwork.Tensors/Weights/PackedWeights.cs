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
    readonly TensorStorage _panels;
    readonly int _rows;
    readonly int _columns;

    PackedWeights(PanelProduct product, TensorStorage panels, int rows, int columns)
    {
        _product = product;
        _panels = panels;
        _rows = rows;
        _columns = columns;
    }

    /// <summary>Copies stored weights into the layout of their product and gives the pages they came from back.</summary>
    public static PackedWeights From(Compute compute, Tensor stored, PanelProduct product)
    {
        var panels = (stored.Rows + PanelProduct.PanelRows - 1) / PanelProduct.PanelRows;
        var storage = new NativeStorage(product.PanelBytes(stored.Columns) * panels);
        compute.Team.Run(panels, new PackJob(product, stored, storage));
        stored.ReleasePages();
        return new PackedWeights(product, storage, stored.Rows, stored.Columns);
    }

    /// <summary>y[t, r] = Σ_k weight[r, k] · x[t, k].</summary>
    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="blocks">Rows of <see cref="ActivationBlocks"/>.</param>
    /// <param name="y">[T, R] F32.</param>
    public void Multiply(Compute compute, Tensor blocks, Tensor y)
    {
        var tiles = (_rows + PanelProduct.TileRows - 1) / PanelProduct.TileRows;
        var tileBytes = 2 * _product.PanelBytes(_columns) * ((blocks.Rows + 3) / 4);
        var tilesPerChunk = (int)Math.Clamp(ChunkBytes / tileBytes, 1, 64);
        compute.Team.Run((tiles + tilesPerChunk - 1) / tilesPerChunk,
            new MultiplyJob(this, compute.InstructionSet, blocks, y, tilesPerChunk));
    }

    ReadOnlySpan<byte> Panels(int first, int count)
    {
        var bytes = _product.PanelBytes(_columns);
        return _panels.Bytes(first * bytes, checked((int)(count * bytes)));
    }

    void MultiplyTile(InstructionSet path, int tile, Tensor blocks, Tensor y)
    {
        var row = tile * PanelProduct.TileRows;
        var rows = Math.Min(PanelProduct.TileRows, _rows - row);
        var panels = Panels(row / PanelProduct.PanelRows, rows > PanelProduct.PanelRows ? 2 : 1);
        for (var token = 0; token < blocks.Rows; token += PanelProduct.MostTokens)
        {
            var tokens = Math.Min(PanelProduct.MostTokens, blocks.Rows - token);
            var inputs = MemoryMarshal.AsBytes(blocks.SliceRows(token, tokens).Floats);
            _product.Multiply(path, panels, inputs, _columns, rows, y.SliceRows(token, tokens).Floats[row..], _rows);
        }
    }

    readonly struct PackJob(PanelProduct product, Tensor stored, TensorStorage panels) : IParallelJob
    {
        public void Run(int chunk)
        {
            var row = chunk * PanelProduct.PanelRows;
            var bytes = product.PanelBytes(stored.Columns);
            var rows = stored.RowSpan(row, Math.Min(PanelProduct.PanelRows, stored.Rows - row));
            product.Pack(rows, stored.Columns, panels.Bytes(chunk * bytes, checked((int)bytes)));
        }
    }

    readonly struct MultiplyJob(PackedWeights weights, InstructionSet path, Tensor blocks, Tensor y, int tilesPerChunk) : IParallelJob
    {
        public void Run(int chunk)
        {
            var tiles = (weights._rows + PanelProduct.TileRows - 1) / PanelProduct.TileRows;
            for (var tile = chunk * tilesPerChunk; tile < Math.Min((chunk + 1) * tilesPerChunk, tiles); tile++)
                weights.MultiplyTile(path, tile, blocks, y);
        }
    }
}
