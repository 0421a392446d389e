using Brickwork.Kernels.Elementwise;

namespace Brickwork.Models.Parts;

/// <summary>A matrix [K, U] that answers a key of K values with a value row of U: what linear attention keeps in place of a cache.</summary>
/// <remarks>Sums run over the key's values in ascending order, each step rounded once: every kernel path gives the same bits.</remarks>
/// <param name="path">The kernel path.</param>
/// <param name="values">[K, U], changed by writing.</param>
/// <param name="width">U.</param>
readonly ref struct AssociativeMemory(InstructionSet path, Span<float> values, int width)
{
    readonly Span<float> _values = values;

    /// <summary>value = Σ_k key[k] · row k.</summary>
    public void Recall(ReadOnlySpan<float> key, Span<float> value)
    {
        value.Clear();
        for (var k = 0; k < key.Length; k++)
            ElementwiseKernel.AddScaled(path, Row(k), key[k], value);
    }

    /// <summary>row k += key[k] · value.</summary>
    public void Write(ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        for (var k = 0; k < key.Length; k++)
            ElementwiseKernel.AddScaled(path, value, key[k], Row(k));
    }

    /// <summary>Every value times <paramref name="factor"/>.</summary>
    public void Fade(float factor) => ElementwiseKernel.Scale(path, _values, factor, _values);

    /// <summary>row k times factors[k].</summary>
    public void Fade(ReadOnlySpan<float> factors)
    {
        for (var k = 0; k < factors.Length; k++)
            ElementwiseKernel.Scale(path, Row(k), factors[k], Row(k));
    }

    Span<float> Row(int k) => _values.Slice(k * width, width);
}
