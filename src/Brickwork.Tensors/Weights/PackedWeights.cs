using System.Runtime.InteropServices;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Weights;

/// <summary>Quantized weights laid out as panels of rows, for products with 8-bit inputs.</summary>
sealed class PackedWeights
{
    // A chunk is worth the trip to another thread from the smaller size on; a dozen of them let nobody wait long for the last.
    const long SmallestChunk = 24 << 10;
    const long LargestChunk = 128 << 10;
    const int WantedChunks = 12;

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

    /// <summary>All panels, one behind the other.</summary>
    public StoragePiece Panels => _panels;

    /// <summary>Bytes of all panels of a matrix.</summary>
    public static long PanelBytes(Tensor stored, PanelProduct product) => product.PanelBytes(stored.Columns) * PanelCount(stored);

    /// <summary>Copies stored weights into the layout of their product and gives the pages they came from back.</summary>
    /// <param name="compute">The threads that do it, and the memory it goes to.</param>
    /// <param name="stored">The weights.</param>
    /// <param name="product">Knows the layout.</param>
    /// <param name="kept">The same panels, laid out earlier; null = there are none.</param>
    public static PackedWeights From(Compute compute, Tensor stored, PanelProduct product, StoredPanels? kept)
    {
        if (kept?.Check(compute) is { } sound)
            return new PackedWeights(product, sound, stored.Rows, stored.Columns);
        var memory = compute.PackedMemory.Take(PanelBytes(stored, product));
        compute.Team.Run(PanelCount(stored), new PackJob(product, stored, memory));
        stored.ReleasePages();
        return new PackedWeights(product, memory, stored.Rows, stored.Columns);
    }

    /// <summary>y[t, r] = Σ_k weight[r, k] · x[t, k].</summary>
    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="blocks">Rows of <see cref="ActivationBlocks"/>.</param>
    /// <param name="y">[T, R] F32.</param>
    public void Multiply(Compute compute, Tensor blocks, Tensor y)
    {
        var chunks = Chunks(blocks.Rows);
        compute.Team.Run(chunks.Count, new MultiplyJob(this, chunks, compute.InstructionSet, blocks, y));
    }

    /// <summary>How the rows are shared among threads: whole tiles, by the size of the work and of nothing else.</summary>
    public RowChunks Chunks(int tokens)
    {
        var tiles = (_rows + PanelProduct.TileRows - 1) / PanelProduct.TileRows;
        var tileBytes = 2 * _panelBytes * ((tokens + 3) / 4);
        var bytes = Math.Clamp(tiles * tileBytes / WantedChunks, SmallestChunk, LargestChunk);
        return new RowChunks(_rows, (int)Math.Clamp(bytes / tileBytes, 1, tiles) * PanelProduct.TileRows);
    }

    /// <summary>The outputs of some rows, from a multiple of 32 on.</summary>
    public void Multiply(InstructionSet path, (int First, int Count) some, Tensor blocks, Tensor y)
    {
        var (row, rows) = some;
        var first = row / PanelProduct.PanelRows;
        var count = (rows + PanelProduct.PanelRows - 1) / PanelProduct.PanelRows;
        var panels = _panels.Bytes(first * _panelBytes, checked((int)(count * _panelBytes)));
        var inputs = MemoryMarshal.AsBytes(blocks.Floats);
        var inputBytes = ActivationBlocks.RowBytes(_columns) * PanelProduct.MostTokens;
        var outputs = y.Floats[row..];
        for (var token = 0; !inputs.IsEmpty; token += PanelProduct.MostTokens)
        {
            var part = inputs[..Math.Min(inputBytes, inputs.Length)];
            _product.Multiply(path, panels, part, _columns, rows, outputs[(token * _rows)..], _rows);
            inputs = inputs[part.Length..];
        }
    }

    static int PanelCount(Tensor stored) => (stored.Rows + PanelProduct.PanelRows - 1) / PanelProduct.PanelRows;

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

    readonly struct MultiplyJob(PackedWeights weights, RowChunks chunks, InstructionSet path, Tensor blocks, Tensor y) : IParallelJob
    {
        public void Run(int chunk) => weights.Multiply(path, chunks[chunk], blocks, y);
    }
}

/// <summary>Rows cut into chunks of one size, the last of which may be smaller.</summary>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Size">Rows of a chunk.</param>
readonly record struct RowChunks(int Rows, int Size)
{
    /// <summary>How many chunks there are.</summary>
    public int Count => (Rows + Size - 1) / Size;

    /// <summary>The rows of a chunk.</summary>
    public (int First, int Count) this[int chunk] => (chunk * Size, Math.Min(Size, Rows - chunk * Size));
}
