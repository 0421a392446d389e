namespace Brickwork;

/// <summary>The lengths of a tensor's dimensions, slowest first: a matrix is [rows, columns]. One to four dimensions.</summary>
public readonly record struct Shape
{
    readonly long _first, _second, _third, _fourth;

    /// <summary>A shape with these dimensions, slowest first.</summary>
    /// <exception cref="ArgumentException">No dimension or more than four, a negative one, or more than 2^63 values.</exception>
    public Shape(params ReadOnlySpan<long> dimensions)
    {
        if (dimensions.Length is 0 or > 4)
            throw new ArgumentException($"A shape has one to four dimensions; found {dimensions.Length}.", nameof(dimensions));
        Rank = dimensions.Length;
        _first = dimensions[0];
        _second = Rank > 1 ? dimensions[1] : 1;
        _third = Rank > 2 ? dimensions[2] : 1;
        _fourth = Rank > 3 ? dimensions[3] : 1;
        if (_first < 0 || _second < 0 || _third < 0 || _fourth < 0)
            throw new ArgumentException($"Dimensions are not negative; found {this}.", nameof(dimensions));
        Count = checked(_first * _second * _third * _fourth);
    }

    /// <summary>How many dimensions there are.</summary>
    public int Rank { get; }

    /// <summary>How many values there are.</summary>
    public long Count { get; }

    /// <summary>The length of dimension <paramref name="index"/>, 0 = slowest.</summary>
    public long this[int index] => index switch
    {
        0 => _first,
        1 when Rank > 1 => _second,
        2 when Rank > 2 => _third,
        3 when Rank > 3 => _fourth,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, $"The shape {this} has {Rank} dimensions."),
    };

    /// <summary>The lengths of all dimensions.</summary>
    internal long[] Dimensions => Rank switch
    {
        1 => [_first],
        2 => [_first, _second],
        3 => [_first, _second, _third],
        _ => [_first, _second, _third, _fourth],
    };

    /// <summary>The length of the fastest dimension: the values that lie next to each other.</summary>
    public int Columns => checked((int)this[Rank - 1]);

    /// <summary>How many runs of <see cref="Columns"/> values there are.</summary>
    public int Rows => checked((int)(Columns == 0 ? 0 : Count / Columns));

    /// <inheritdoc/>
    public override string ToString() => Rank switch
    {
        1 => $"[{_first}]",
        2 => $"[{_first}, {_second}]",
        3 => $"[{_first}, {_second}, {_third}]",
        _ => $"[{_first}, {_second}, {_third}, {_fourth}]",
    };
}
