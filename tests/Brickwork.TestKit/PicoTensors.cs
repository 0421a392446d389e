using Brickwork.Kernels.Blocks;

namespace Brickwork.TestKit;

/// <summary>Seeded random weights of a size that keeps activations near 1.</summary>
sealed class PicoTensors(int seed)
{
    readonly Random _random = new(seed);

    /// <summary>Normal values for a map of <paramref name="inputs"/> to <paramref name="outputs"/>, stored in this type.</summary>
    public Tensor Matrix(DType type, int outputs, int inputs) => Stored(type, Values(outputs * inputs, inputs), outputs, inputs);

    /// <summary>The maps of several experts in one tensor.</summary>
    public Tensor Stack(DType type, int experts, int outputs, int inputs) =>
        Stored(type, Values(experts * outputs * inputs, inputs), experts, outputs, inputs);

    /// <summary>Values around 1.</summary>
    public Tensor Gain(int length)
    {
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
            value = 1 + 0.1f * Normal();
        return Tensor.From(values, length);
    }

    float[] Values(int count, int inputs)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = Normal() / MathF.Sqrt(inputs) * 1.5f;
        return values;
    }

    static Tensor Stored(DType type, ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions)
    {
        var tensor = Tensor.Zeros(type, dimensions);
        for (var row = 0; row < tensor.Rows; row++)
            Quantizer.Run(type, values.Slice(row * tensor.Columns, tensor.Columns), tensor.RowSpan(row, 1));
        return tensor;
    }

    float Normal() => (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
}
