using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;
using Brickwork.Kernels.Threading;

namespace Brickwork.Kernels.Attention;

/// <summary>Rows of one head laid out for <see cref="BlockProduct"/>: one behind the other, padded with zeros.</summary>
static class SequenceBlocks
{
    /// <summary>The width of a row with its padding.</summary>
    public static int Padded(int width) => (width + BlockProduct.Columns - 1) / BlockProduct.Columns * BlockProduct.Columns;

    /// <summary>Copies rows of a head, each times a factor, and makes the rest of the target zero.</summary>
    /// <param name="path">Any path.</param>
    /// <param name="source">From the first value of the first row on.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="factor">1 = as they are.</param>
    /// <param name="target">[at least rows, Padded(width)].</param>
    /// <param name="width">Values of a row.</param>
    public static void Pack(
        InstructionSet path, ReadOnlySpan<float> source, int stride, int rows, float factor, Span<float> target, int width)
    {
        var padded = Padded(width);
        if (width != padded)
            target.Clear();
        else
            target[(rows * padded)..].Clear();
        for (var row = 0; row < rows; row++)
        {
            var values = source.Slice(row * stride, width);
            if (factor == 1)
                values.CopyTo(target[(row * padded)..]);
            else
                ElementwiseKernel.Scale(path, values, factor, target.Slice(row * padded, width));
        }
    }

    /// <summary>Copies the rows of one of some heads.</summary>
    public static void PackHead(InstructionSet path, ReadOnlySpan<float> source, int head, int heads, Span<float> target, int width) =>
        Pack(path, source[Math.Min(head * width, source.Length)..], heads * width, source.Length / (heads * width), 1, target, width);

    /// <summary>Adds rows, each times a factor, to the rows of a head.</summary>
    public static void Add(
        InstructionSet path, ReadOnlySpan<float> packed, int rows, float factor, Span<float> target, int stride, int width)
    {
        for (var row = 0; row < rows; row++)
            ElementwiseKernel.AddScaled(path, packed.Slice(row * Padded(width), width), factor, target.Slice(row * stride, width));
    }

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
