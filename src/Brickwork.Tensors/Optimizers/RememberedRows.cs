using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Optimizers;
using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Optimizers;

/// <summary>Some rows of what an optimizer remembers, as floats: the memory itself, or a copy of brain floats that goes back rounded.</summary>
readonly ref struct RememberedRows
{
    readonly Span<ushort> _stored;

    RememberedRows(Span<float> values, Span<ushort> stored)
    {
        Values = values;
        _stored = stored;
    }

    /// <summary>To be changed in place.</summary>
    public Span<float> Values { get; }

    /// <summary>Opens some rows.</summary>
    /// <typeparam name="TUse">Another one for each tensor that is open at the same time.</typeparam>
    /// <param name="tensor">F32 or BF16.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    public static RememberedRows Open<TUse>(Tensor tensor, int first, int count)
    {
        if (tensor.Type == DType.F32)
            return new(WeightRuns.Rows(tensor, first, count), default);
        var stored = MemoryMarshal.Cast<byte, ushort>(tensor.RowSpan(first, count));
        var values = MemoryMarshal.Cast<byte, float>(ThreadScratch<TUse>.Take(stored.Length * sizeof(float)));
        BFloat16Conversion.Widen(stored, values);
        return new(values, stored);
    }

    /// <summary>Keeps what they are now.</summary>
    /// <param name="step">The number of the step.</param>
    /// <param name="parameter">The index of the parameter.</param>
    /// <param name="place">Another one for each run of rows of each tensor.</param>
    public void Keep(long step, int parameter, int place)
    {
        if (!_stored.IsEmpty)
            ChanceRounding.Narrow(Values, _stored, ChanceRounding.SeedOf(step, parameter, place));
    }
}
