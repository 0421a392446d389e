using Brickwork.Bricks.Merge.Planning;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Threading;

namespace Brickwork.Bricks.Merge;

/// <summary>The values of one tensor as floats: an array, or stored in a file and read stretch by stretch.</summary>
/// <remarks>Safe to read from several threads.</remarks>
sealed class TensorValues
{
    readonly Tensor _blocks;        // [blocks, values of a block]: stretches may begin at any block
    readonly Tensor _stored;
    readonly string _name, _source;
    readonly ThreadTeam? _team;
    readonly Lock _gate = new();
    float[]? _whole;

    TensorValues(Tensor stored, string name, string source, ThreadTeam? team)
    {
        (_stored, _name, _source, _team) = (stored, name, source, team);
        var length = stored.Type.BlockLength();
        _blocks = stored.Reshape(stored.Shape.Count / length, length);
    }

    TensorValues(float[] values) => (_whole, _name, _source) = (values, "", "");

    /// <summary>All of them; once asked for, they stay in memory.</summary>
    /// <exception cref="CheckpointException">A value is no finite number.</exception>
    public float[] Whole
    {
        get
        {
            if (_whole is { } known)
                return known;
            lock (_gate)
                return _whole ??= TensorRows.Read(_stored, _name, _source, _team);
        }
    }

    public static implicit operator TensorValues(float[] values) => new(values);

    /// <summary>A stored tensor.</summary>
    /// <param name="stored">Of any type that is read as floats.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="source">Where it is from, for messages.</param>
    /// <param name="team">Helps where all values are read at once.</param>
    public static TensorValues Of(Tensor stored, string name, string source, ThreadTeam? team) => new(stored, name, source, team);

    /// <summary>Reads values from <paramref name="first"/> on; both ends lie between blocks of the storage type.</summary>
    /// <exception cref="CheckpointException">A value is no finite number.</exception>
    public void Read(int first, Span<float> target)
    {
        if (_whole is { } known)
        {
            known.AsSpan(first, target.Length).CopyTo(target);
            return;
        }
        var length = _blocks.Columns;
        Dequantizer.Run(_stored.Type, _blocks.RowSpan(first / length, target.Length / length), target);
        if (ValueLimit.FirstNotFinite(target) is >= 0 and var other)
            throw TensorRows.NotFinite(_name, _source, target[other], (first + other) / _stored.Columns, (first + other) % _stored.Columns);
    }

    /// <summary>Says that these values will not be read soon.</summary>
    public void Release(int first, int count)
    {
        if (_whole is null)
            _blocks.SliceRows(first / _blocks.Columns, count / _blocks.Columns).ReleasePages();
    }
}
