using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.Tests.Blocks;

public class DequantizerTests
{
    public static TheoryData<DType> FloatingTypes { get; } =
        [.. Enum.GetValues<DType>().Where(t => t is not (DType.I8 or DType.I16 or DType.I32 or DType.I64))];

    public static TheoryData<DType> GoldenTypes => GoldenBlocks.Types;

    [Fact]
    public void The_golden_file_has_25_types() => GoldenTypes.Count.ShouldBe(25);

    [Theory, MemberData(nameof(GoldenTypes))]
    public void Reads_the_bits_that_ggml_reads(DType type)
    {
        var values = new float[GoldenBlocks.Rows * GoldenBlocks.Width];

        Dequantizer.Run(type, GoldenBlocks.Instance.Quantized(type), values);

        Bits(values).ShouldBe(Bits(GoldenBlocks.Instance.Expected(type)));
    }

    [Theory, MemberData(nameof(FloatingTypes))]
    public void Vectors_give_the_bits_of_the_plain_loops_for_any_bytes(DType type)
    {
        var random = new Random(3);
        for (var blocks = 0; blocks < 70; blocks++)
        {
            var bytes = new byte[blocks * type.BlockBytes()];
            random.NextBytes(bytes);
            var (fast, plain) = (new float[blocks * type.BlockLength()], new float[blocks * type.BlockLength()]);

            Dequantizer.Run(type, bytes, fast);
            Dequantizer.RunReference(type, bytes, plain);

            Comparable(fast).ShouldBe(Comparable(plain));
        }
    }

    [Theory, MemberData(nameof(FloatingTypes))]
    public void Refuses_lengths_that_do_not_fit(DType type)
    {
        var bytes = new byte[4 * type.BlockBytes()];
        var values = new float[4 * type.BlockLength()];

        Should.Throw<ArgumentException>(() => Dequantizer.Run(type, bytes.AsSpan(1), values));
        Should.Throw<ArgumentException>(() => Dequantizer.Run(type, bytes, values.AsSpan(type.BlockLength())));
        if (!type.IsPlain())
            Should.Throw<ArgumentException>(() => Dequantizer.Run(type, bytes, values.AsSpan(1)));
    }

    [Theory, InlineData(DType.I8), InlineData(DType.I16), InlineData(DType.I32), InlineData(DType.I64)]
    public void Refuses_integer_types(DType type) =>
        Should.Throw<ArgumentException>(() => Dequantizer.Run(type, new byte[type.BlockBytes()], new float[1]));

    [Fact]
    public void Doubles_are_rounded_to_float()
    {
        double[] source = [1, Math.PI, -1e300, double.Epsilon];
        var values = new float[4];

        Dequantizer.Run(DType.F64, MemoryMarshal.AsBytes<double>(source), values);

        values.ShouldBe([1, MathF.PI, float.NegativeInfinity, 0]);
    }

    static uint[] Bits(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, uint>(values).ToArray();

    // Random scales may be infinite or NaN; the sign of a NaN that arithmetic makes is the processor's choice.
    static uint[] Comparable(float[] values) =>
        [.. values.Select(v => float.IsNaN(v) ? uint.MaxValue : BitConverter.SingleToUInt32Bits(v))];
}
