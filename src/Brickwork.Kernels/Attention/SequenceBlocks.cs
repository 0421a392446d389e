using System.Runtime.InteropServices;
using Brickwork.Kernels.Threading;

namespace Brickwork.Kernels.Attention;

/// <summary>Rows of one head laid out for <see cref="BlockProduct"/>: one behind the other, padded with zeros.</summary>
static partial class SequenceBlocks
{
    /// <summary>The width of a row with its padding.</summary>
    public static int Padded(int width) => (width + BlockProduct.Columns - 1) / BlockProduct.Columns * BlockProduct.Columns;

    /// <summary>A thread's scratch, handed out piece by piece.</summary>
    public ref struct Scratch<TUse>(int floats)
    {
        Span<float> _rest = MemoryMarshal.Cast<byte, float>(ThreadScratch<TUse>.Take(checked(floats * sizeof(float))));

        public Span<float> Take(int count)
        {
            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}
