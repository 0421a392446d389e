using Brickwork.Kernels.MatMul;

namespace Brickwork.Tensors.Operations;

/// <summary>The outputs of a product, cut into rectangles of whole tiles by the size of the work and of nothing else.</summary>
readonly struct TileChunks
{
    // A rectangle of so many tiles reads each factor often enough from a near cache.
    const int MostTiles = 16;
    const int MostPanels = 8;

    // Fewer chunks would leave threads without work at the end; smaller ones would not be worth the trip.
    const int WantedChunks = 24;
    const long SmallestWork = 1 << 20;

    readonly GemmSize _size;
    readonly int _rows;
    readonly int _columns;
    readonly int _across;

    public TileChunks(InstructionSet path, GemmSize size)
    {
        var width = GemmTile.Columns(path);
        var (allTiles, allPanels) = (Parts(size.Rows, GemmTile.Rows), GemmPacking.Panels(path, size.Columns));
        var (tiles, panels) = (Math.Min(MostTiles, allTiles), Math.Min(MostPanels * GemmTile.MostColumns / width, allPanels));
        while (Parts(allTiles, tiles) * Parts(allPanels, panels) < WantedChunks && tiles * panels > 1
            && (long)tiles * GemmTile.Rows * panels * width * size.Depth > 2 * SmallestWork)
            if (tiles == 1 || (panels > 1 && panels * width > tiles * GemmTile.Rows))
                panels = (panels + 1) / 2;
            else
                tiles = (tiles + 1) / 2;
        _size = size;
        _rows = Even(allTiles, tiles) * GemmTile.Rows;
        _columns = Even(allPanels, panels) * width;
        _across = Parts(size.Columns, _columns);
        Count = _across * Parts(size.Rows, _rows);
    }

    public int Count { get; }

    /// <summary>Where a chunk begins, and its size.</summary>
    public (int Row, int Column, GemmSize Size) this[int chunk]
    {
        get
        {
            var (row, column) = (chunk / _across * _rows, chunk % _across * _columns);
            return (row, column, new GemmSize(Math.Min(_rows, _size.Rows - row), Math.Min(_columns, _size.Columns - column), _size.Depth));
        }
    }

    static int Parts(int all, int part) => (all + part - 1) / part;

    /// <summary>The smallest part that gives as many parts.</summary>
    static int Even(int all, int part) => Parts(all, Parts(all, part));
}
