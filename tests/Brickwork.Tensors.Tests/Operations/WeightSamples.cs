using System.Runtime.InteropServices;

namespace Brickwork.Tensors.Tests.Operations;

/// <summary>Weights and inputs of random values, the same for the same seed.</summary>
static class WeightSamples
{
    /// <summary>Every storage type in blocks.</summary>
    public static IReadOnlyList<DType> BlockTypes { get; } = [.. Enum.GetValues<DType>().Where(type => !type.IsPlain())];

    public static Tensor Inputs(int tokens, int columns, int seed) => Plain(DType.F32, tokens, columns, seed);

    public static Tensor Plain(DType type, int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var tensor = Tensor.Zeros(type, rows, columns);
        for (var row = 0; row < rows; row++)
        {
            var bytes = tensor.RowSpan(row, 1);
            for (var column = 0; column < columns; column++)
            {
                var value = random.NextSingle() * 2 - 1;
                switch (type)
                {
                    case DType.F16: MemoryMarshal.Cast<byte, Half>(bytes)[column] = (Half)value; break;
                    case DType.BF16:
                        MemoryMarshal.Cast<byte, ushort>(bytes)[column] = (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
                        break;
                    default: MemoryMarshal.Cast<byte, float>(bytes)[column] = value; break;
                }
            }
        }
        return tensor;
    }

    /// <summary>Random bytes are valid blocks once their scales are ordinary numbers.</summary>
    public static Tensor Blocks(DType type, int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var tensor = Tensor.Zeros(type, rows, columns);
        for (var row = 0; row < rows; row++)
        {
            var bytes = tensor.RowSpan(row, 1);
            random.NextBytes(bytes);
            for (var block = 0; block < bytes.Length; block += type.BlockBytes())
                MakeScalesOrdinary(type, bytes.Slice(block, type.BlockBytes()), random);
        }
        return tensor;
    }

    static void MakeScalesOrdinary(DType type, Span<byte> block, Random random)
    {
        if (type == DType.MXFP4)
            block[0] = (byte)random.Next(118, 128);
        else if (type == DType.NVFP4)
            for (var scale = 0; scale < 4; scale++)
                block[scale] &= 0x3F;
        else if (type == DType.IQ1_M)
            // The top bits of the half-precision scale stand on top of the last two bytes.
            block[55] = (byte)(block[55] & 0x0F | 0x20);
        foreach (var offset in ScaleOffsets(type))
            MemoryMarshal.Write(block[offset..], (Half)((random.NextSingle() - 0.5f) / 16));
    }

    /// <summary>Where in a block its half-precision scales stand.</summary>
    static int[] ScaleOffsets(DType type) => type switch
    {
        DType.Q4_1 or DType.Q5_1 or DType.Q4_K or DType.Q5_K => [0, 2],
        DType.Q2_K => [80, 82],
        DType.Q3_K => [108],
        DType.Q6_K => [208],
        DType.TQ1_0 => [52],
        DType.TQ2_0 => [64],
        DType.IQ1_M or DType.MXFP4 or DType.NVFP4 => [],
        _ => [0],
    };
}
