using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.MatMul;
using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Operations;

/// <summary>The right factor of a product from a step on: as it lies where tiles can read that, else laid out as panels.</summary>
readonly struct RightFactor
{
    // All threads read what is laid out again and again: it should stay in the caches.
    const int MostFloats = 2 << 20;
    const int MostPieces = 4;

    // Steps that one thread lays out at a time.
    const int ChunkSteps = 64;

    readonly InstructionSet _path;
    readonly Tensor _b;
    readonly Tensor _memory;
    readonly bool _isTransposed;
    readonly bool _isPacked;
    readonly int _columns;
    readonly int _first;

    /// <param name="path">The kernels to use.</param>
    /// <param name="b">[depth, columns] or, transposed, [columns, depth].</param>
    /// <param name="isTransposed">Whether it is.</param>
    /// <param name="columns">Columns of the product.</param>
    /// <param name="depth">Terms of the product.</param>
    public RightFactor(InstructionSet path, Tensor b, bool isTransposed, int columns, int depth)
    {
        (_path, _b, _isTransposed, _columns, Depth) = (path, b, isTransposed, columns, depth);
        _isPacked = isTransposed || b.Type != DType.F32 || !GemmPacking.IsReadable(path, columns);
        var step = GemmPacking.Panels(path, columns) * GemmTile.Columns(path);
        MostSteps = _isPacked ? Math.Clamp(MostFloats / step / GemmKernel.PieceSteps, 1, MostPieces) * GemmKernel.PieceSteps : depth;
    }

    RightFactor(in RightFactor whole, int first, Tensor memory)
    {
        this = whole;
        (_first, _memory) = (first, memory);
        Depth = Math.Min(MostSteps, whole.Depth - first);
    }

    /// <summary>Steps from here on that are used together.</summary>
    public int Depth { get; private init; }

    /// <summary>The most steps that are used together.</summary>
    public int MostSteps { get; }

    /// <summary>The memory that laying out takes.</summary>
    public int Floats =>
        _isPacked ? checked(GemmPacking.Panels(_path, _columns) * GemmPacking.PanelFloats(_path, Math.Min(MostSteps, Depth))) : 0;

    /// <summary>How many pieces of work laying out is.</summary>
    public int Chunks => !_isPacked ? 0
        : _isTransposed ? GemmPacking.Panels(_path, _columns) : (Depth + ChunkSteps - 1) / ChunkSteps;

    /// <summary>The factor from a step on.</summary>
    public RightFactor At(int first, Tensor memory) => new(this, first, memory);

    /// <summary>Lays some of it out.</summary>
    public void Pack(int chunk)
    {
        if (_isTransposed)
            PackPanel(chunk);
        else
            PackSteps(chunk * ChunkSteps);
    }

    /// <summary>What tiles read from a column on.</summary>
    public GemmColumns Columns(int column) => _isPacked
        ? GemmPacking.PackedColumns(_path, _memory.Floats, Depth).From(column / GemmTile.Columns(_path), 0)
        : new GemmColumns(_b.Floats[(_first * _b.Columns + column)..], GemmTile.Columns(_path), _b.Columns);

    void PackPanel(int panel)
    {
        var width = GemmTile.Columns(_path);
        var (column, floats) = (panel * width, GemmPacking.PanelFloats(_path, Depth));
        var columns = Math.Min(width, _columns - column);
        var (values, stride) = Values(column, columns, _first, Depth);
        GemmPacking.PackTransposed(_path, values, stride, columns, Depth, _memory.Floats.Slice(panel * floats, floats));
    }

    void PackSteps(int step)
    {
        var steps = Math.Min(ChunkSteps, Depth - step);
        var (values, stride) = Values(_first + step, steps, 0, _columns);
        GemmPacking.PackColumns(_path, values, stride, _columns, step, steps, Depth, _memory.Floats);
    }

    /// <summary>A part of the factor as it is stored, in F32.</summary>
    MatrixView Values(int row, int rows, int column, int columns)
    {
        if (_b.Type == DType.F32)
            return new(_b.Floats[(row * _b.Columns + column)..], _b.Columns);
        var values = MemoryMarshal.Cast<byte, float>(ThreadScratch<RightFactor>.Take(rows * columns * sizeof(float)));
        var (start, length) = ((int)_b.Type.RowBytes(column), (int)_b.Type.RowBytes(columns));
        for (var index = 0; index < rows; index++)
            Dequantizer.Run(_b.Type, _b.RowSpan(row + index, 1).Slice(start, length), values.Slice(index * columns, columns));
        return new(values, columns);
    }
}
