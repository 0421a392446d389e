using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.MatMul;
using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Operations;

/// <summary>The factors of a product from a step on, laid out for its tiles; a left factor that is not transposed stays where it is.</summary>
readonly struct PackedFactors
{
    // All threads read what is laid out again and again: it should stay in the caches.
    const int MostFloats = 2 << 20;
    const int MostPieces = 4;

    // Steps that one thread lays out at a time.
    const int ChunkSteps = 64;

    readonly Tensor _a;
    readonly Tensor _b;
    readonly Transposes _transposes;
    readonly Tensor _memory;
    readonly int _first;

    public PackedFactors(InstructionSet path, GemmSize size, Transposes transposes, Tensor a, Tensor b)
    {
        (Path, Size, _transposes, _a, _b) = (path, size, transposes, a, b);
        var step = GemmPacking.Panels(path, size.Columns) * GemmTile.Columns(path)
            + (PacksRows ? GemmPacking.Tiles(size.Rows) * GemmTile.Rows : 0);
        MostSteps = Math.Clamp(MostFloats / step / GemmKernel.PieceSteps, 1, MostPieces) * GemmKernel.PieceSteps;
    }

    public InstructionSet Path { get; }

    /// <summary>The size of the product over the steps that are laid out.</summary>
    public GemmSize Size { get; private init; }

    /// <summary>Steps that are laid out together.</summary>
    public int MostSteps { get; }

    /// <summary>The memory it takes.</summary>
    public int Floats
    {
        get
        {
            var steps = Math.Min(MostSteps, Size.Depth);
            return checked(PanelFloats(steps) + (PacksRows ? GemmPacking.Tiles(Size.Rows) * GemmPacking.TileFloats(steps) : 0));
        }
    }

    /// <summary>How many pieces of work laying out is.</summary>
    public int Chunks => ColumnChunks + (PacksRows ? StepChunks : 0);

    bool PacksRows => _transposes.HasFlag(Transposes.First);

    bool IsSecondTransposed => _transposes.HasFlag(Transposes.Second);

    int ColumnChunks => IsSecondTransposed ? GemmPacking.Panels(Path, Size.Columns) : StepChunks;

    int StepChunks => (Size.Depth + ChunkSteps - 1) / ChunkSteps;

    /// <summary>The factors from a step on.</summary>
    public PackedFactors At(int first, Tensor memory) => new(this, first, memory);

    PackedFactors(in PackedFactors whole, int first, Tensor memory)
    {
        this = whole;
        (_first, _memory) = (first, memory);
        Size = whole.Size with { Depth = Math.Min(MostSteps, whole.Size.Depth - first) };
    }

    /// <summary>Lays some of it out.</summary>
    public void Pack(int chunk)
    {
        if (chunk >= ColumnChunks)
            PackRows((chunk - ColumnChunks) * ChunkSteps);
        else if (IsSecondTransposed)
            PackPanel(chunk);
        else
            PackColumns(chunk * ChunkSteps);
    }

    /// <summary>The left factor from a row on.</summary>
    public GemmRows Rows(int row) => PacksRows
        ? GemmPacking.PackedRows(_memory.Floats[PanelFloats(Size.Depth)..], Size.Depth).From(row / GemmTile.Rows, 0)
        : GemmRows.Of(_a.Floats[(row * _a.Columns + _first)..], _a.Columns);

    /// <summary>The right factor from a column on.</summary>
    public GemmColumns Columns(int column) =>
        GemmPacking.PackedColumns(Path, _memory.Floats, Size.Depth).From(column / GemmTile.Columns(Path), 0);

    void PackRows(int step) => GemmPacking.PackRows(_a.Floats[((_first + step) * _a.Columns)..], _a.Columns, Size.Rows, step,
        Math.Min(ChunkSteps, Size.Depth - step), Size.Depth, _memory.Floats[PanelFloats(Size.Depth)..]);

    void PackPanel(int panel)
    {
        var width = GemmTile.Columns(Path);
        var (column, floats) = (panel * width, GemmPacking.PanelFloats(Path, Size.Depth));
        var (values, stride) = Values(column, Math.Min(width, Size.Columns - column), _first, Size.Depth);
        GemmPacking.PackTransposed(Path, values, stride, Math.Min(width, Size.Columns - column), Size.Depth,
            _memory.Floats.Slice(panel * floats, floats));
    }

    void PackColumns(int step)
    {
        var steps = Math.Min(ChunkSteps, Size.Depth - step);
        var (values, stride) = Values(_first + step, steps, 0, Size.Columns);
        GemmPacking.PackColumns(Path, values, stride, Size.Columns, step, steps, Size.Depth, _memory.Floats);
    }

    /// <summary>A part of the right factor as it is stored, in F32.</summary>
    MatrixView Values(int row, int rows, int column, int columns)
    {
        if (_b.Type == DType.F32)
            return new(_b.Floats[(row * _b.Columns + column)..], _b.Columns);
        var values = MemoryMarshal.Cast<byte, float>(ThreadScratch<PackedFactors>.Take(rows * columns * sizeof(float)));
        var (start, length) = ((int)_b.Type.RowBytes(column), (int)_b.Type.RowBytes(columns));
        for (var index = 0; index < rows; index++)
            Dequantizer.Run(_b.Type, _b.RowSpan(row + index, 1).Slice(start, length), values.Slice(index * columns, columns));
        return new(values, columns);
    }

    int PanelFloats(int steps) => GemmPacking.Panels(Path, Size.Columns) * GemmPacking.PanelFloats(Path, steps);
}
