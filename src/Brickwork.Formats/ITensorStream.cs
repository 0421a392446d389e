namespace Brickwork.Formats;

/// <summary>A tensor whose values are made when they are read, part by part, in any order, on any thread.</summary>
interface ITensorStream : IDisposable
{
    /// <summary>Slowest dimension first.</summary>
    Shape Shape { get; }

    /// <summary>Every part has so many values, but for the last; a whole number of blocks of every storage type.</summary>
    int PartLength { get; }

    /// <summary>Makes the values of a part.</summary>
    /// <param name="first">Where it begins: a multiple of <see cref="PartLength"/>.</param>
    /// <param name="values">All of the part.</param>
    void Read(int first, Span<float> values);

    /// <summary>Says that these values will not be read again.</summary>
    void Release(int first, int count);
}
