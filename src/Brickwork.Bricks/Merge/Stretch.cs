using Brickwork.Kernels.Merging;

namespace Brickwork.Bricks.Merge;

/// <summary>Some neighbouring values of every input of a tensor, with memory to work on them; small enough for a cache.</summary>
/// <remarks>An input is read when it is first asked for. Belongs to one thread at a time.</remarks>
sealed class Stretch(MergeTensors tensors)
{
    /// <summary>The length of all stretches but the last; a whole number of blocks of every storage type.</summary>
    public const int Most = 1 << 13;

    readonly float[]?[] _inputs = new float[]?[tensors.Sources.Count + 1];
    readonly bool[] _read = new bool[tensors.Sources.Count + 1];
    readonly double[] _deltas = new double[tensors.Sources.Count * Most];
    readonly double[] _sums = new double[Most];
    readonly float[] _magnitudes = new float[Most];

    /// <summary>The first element.</summary>
    public int First { get; private set; }

    /// <summary>How many.</summary>
    public int Length { get; private set; }

    /// <summary>The number of the stretch in its tensor.</summary>
    public int Number => First / Most;

    /// <summary>θ₀; empty where there is no base.</summary>
    public ReadOnlySpan<float> Base => tensors.Origin is { } origin ? Values(0, origin) : [];

    /// <summary>Memory for a sum over inputs.</summary>
    public Span<double> Sums => _sums.AsSpan(0, Length);

    /// <summary>Memory for a difference of each input, <see cref="Most"/> apart.</summary>
    public Span<double> AllDeltas => _deltas;

    /// <summary>θ of an input.</summary>
    public ReadOnlySpan<float> this[int source] => Values(source + 1, tensors.Sources[source].Stored);

    /// <summary>Memory for the difference of one input.</summary>
    public Span<double> Deltas(int source) => _deltas.AsSpan(source * Most, Length);

    /// <summary>|θ − θ₀| in F32.</summary>
    public ReadOnlySpan<float> Magnitudes(int source)
    {
        var magnitudes = _magnitudes.AsSpan(0, Length);
        Differences.Magnitudes(this[source], Base, magnitudes);
        return magnitudes;
    }

    /// <summary>Goes to a stretch.</summary>
    public void MoveTo(int first, int length)
    {
        (First, Length) = (first, length);
        Array.Clear(_read);
    }

    Span<float> Values(int input, TensorValues values)
    {
        var memory = (_inputs[input] ??= new float[Most]).AsSpan(0, Length);
        if (!_read[input])
            values.Read(First, memory);
        _read[input] = true;
        return memory;
    }
}
