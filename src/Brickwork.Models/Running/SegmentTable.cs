using System.Runtime.InteropServices;

namespace Brickwork.Models.Running;

/// <summary>Rows of a pass cut into runs that ask for the same thing: where each run starts, and what it asks for.</summary>
/// <remarks>Neighbours that ask for the same are one run, also where two tables meet. LoRAX and Punica call them segments.</remarks>
sealed class SegmentTable
{
    readonly List<int> _starts = [0];
    readonly List<int> _ids = [];

    /// <summary>The first row of each run, and behind them the number of rows.</summary>
    public ReadOnlySpan<int> Starts => CollectionsMarshal.AsSpan(_starts);

    /// <summary>What each run asks for.</summary>
    public ReadOnlySpan<int> Ids => CollectionsMarshal.AsSpan(_ids);

    /// <summary>The rows of a run.</summary>
    public (int First, int Count) this[int run] => (_starts[run], _starts[run + 1] - _starts[run]);

    /// <summary>How many rows there are.</summary>
    public int Rows => _starts[^1];

    /// <summary>The runs of rows that ask for these.</summary>
    public static SegmentTable Find(ReadOnlySpan<int> ids)
    {
        var table = new SegmentTable();
        foreach (var id in ids)
            table.Append(1, id);
        return table;
    }

    /// <summary>Adds rows behind the last.</summary>
    public void Append(int rows, int id)
    {
        if (rows == 0)
            return;
        if (_ids.Count > 0 && _ids[^1] == id)
        {
            _starts[^1] += rows;
            return;
        }
        _ids.Add(id);
        _starts.Add(Rows + rows);
    }

    /// <summary>Adds the rows of another table behind the last.</summary>
    public void Append(SegmentTable other)
    {
        for (var run = 0; run < other._ids.Count; run++)
            Append(other[run].Count, other._ids[run]);
    }

    /// <summary>What a row asks for.</summary>
    public int IdOf(int row)
    {
        var run = _starts.BinarySearch(row);
        return _ids[run >= 0 ? run : ~run - 1];
    }

    /// <summary>Forgets every row.</summary>
    public void Clear()
    {
        _ids.Clear();
        _starts.RemoveRange(1, _starts.Count - 1);
    }
}
