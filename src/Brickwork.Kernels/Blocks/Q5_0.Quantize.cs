using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q5_0
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> quants = stackalloc byte[32];
        if (importance.IsEmpty)
        {
            var scale = ScaleFit.Extreme(values) / -16;
            HalfConversion.Write(block, 0, scale);
            Rounding.Truncated(values, 0, Rounding.InverseOrZero(scale), 16.5f, 31, quants);
        }
        else
        {
            var (fitted, _) = ScaleFit.Run(values, GroupWeights.Of(importance, 0, 32), -16, 15);
            Rounding.Nearest(values, HalfConversion.Write(block, 0, fitted), 0, zero: 16, highest: 31, quants);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(block[FifthBits..], Rounding.FifthBits(quants));
        Rounding.StoreHalfBytes(quants, block[Quants..]);
    }
}
