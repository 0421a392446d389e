using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.Tests.Blocks;

public class QuantizerTests
{
    public static TheoryData<DType> SupportedTypes { get; } = [.. Enum.GetValues<DType>().Where(Quantizer.Supports)];

    public static TheoryData<DType> FittedTypes { get; } =
        [DType.Q2_K, DType.Q3_K, DType.Q4_K, DType.Q5_K, DType.Q6_K, DType.IQ4_NL, DType.IQ4_XS];

    public static TheoryData<DType> WeightedTypes { get; } =
    [
        DType.Q4_0, DType.Q4_1, DType.Q5_0, DType.Q5_1,
        DType.Q2_K, DType.Q3_K, DType.Q4_K, DType.Q5_K, DType.Q6_K, DType.IQ4_NL, DType.IQ4_XS,
    ];

    [Theory]
    [InlineData(DType.F16), InlineData(DType.BF16), InlineData(DType.Q8_0)]
    [InlineData(DType.MXFP4), InlineData(DType.NVFP4), InlineData(DType.TQ1_0), InlineData(DType.TQ2_0)]
    public void Types_without_a_choice_are_written_byte_for_byte_as_ggml_writes_them(DType type) =>
        Written(type, GoldenBlocks.Instance.Source).ShouldBe(GoldenBlocks.Instance.Quantized(type).ToArray());

    [Theory, InlineData(DType.Q4_0), InlineData(DType.Q4_1), InlineData(DType.Q5_0), InlineData(DType.Q5_1)]
    public void Simple_types_without_importance_are_written_byte_for_byte_as_ggml_writes_them(DType type) =>
        Written(type, GoldenBlocks.Instance.Source).ShouldBe(GoldenBlocks.Unweighted(type));

    [Theory, InlineData(DType.Q4_0), InlineData(DType.Q4_1), InlineData(DType.Q5_0), InlineData(DType.Q5_1), InlineData(DType.Q8_0)]
    public void Simple_types_with_even_importance_are_written_byte_for_byte_as_ggml_writes_them(DType type)
    {
        var bytes = new List<byte>();
        for (var row = 0; row < GoldenBlocks.Rows; row++)
        {
            var blocks = new byte[type.RowBytes(GoldenBlocks.Width)];
            var source = GoldenBlocks.Instance.Source.Slice(row * GoldenBlocks.Width, GoldenBlocks.Width);
            Quantizer.Run(type, source, blocks, Ones(GoldenBlocks.Width));
            bytes.AddRange(blocks);
        }

        bytes.ShouldBe(GoldenBlocks.Instance.Quantized(type).ToArray());
    }

    [Theory, InlineData(DType.Q4_0), InlineData(DType.Q4_1), InlineData(DType.Q5_0), InlineData(DType.Q5_1)]
    public void The_size_of_importance_does_not_matter_only_its_proportions(DType type)
    {
        var row = GoldenBlocks.Instance.Source[..GoldenBlocks.Width];
        float[] importance = [.. Enumerable.Range(1, GoldenBlocks.Width).Select(i => 1f / i)];
        var values = RoundTrip(type, row, importance);

        foreach (var power in (int[])[-100, 100])
            RoundTrip(type, row, [.. importance.Select(w => MathF.ScaleB(w, power))]).ShouldBe(values);
    }

    [Theory, MemberData(nameof(WeightedTypes))]
    public void A_short_row_is_written_as_the_start_of_a_long_one_of_equal_size(DType type)
    {
        var length = type.BlockLength();
        var block = GoldenBlocks.Instance.Source[..length].ToArray();
        float[] row = [.. Enumerable.Repeat(block, 11).SelectMany(values => values)];

        RoundTrip(type, row, Ones(row.Length))[^length..].ShouldBe(RoundTrip(type, block, Ones(length)));
    }

    [Theory, MemberData(nameof(FittedTypes))]
    public void Fitted_types_lose_no_more_than_ggml_does(DType type) => ShouldLoseNoMoreThanGgml(type, importance: []);

    [Theory, MemberData(nameof(WeightedTypes))]
    public void Even_importance_loses_no_more_than_ggml_does_with_it(DType type) =>
        ShouldLoseNoMoreThanGgml(type, Ones(GoldenBlocks.Width));

    [Theory, MemberData(nameof(WeightedTypes))]
    public void Importance_lowers_the_error_that_it_weighs(DType type)
    {
        var random = new Random(11);
        float[] row = [.. Enumerable.Range(0, 4096).Select(_ => Normal(random))];
        float[] importance = [.. Enumerable.Range(0, 4096).Select(_ => MathF.Exp(2 * Normal(random)))];

        var without = Error(row, RoundTrip(type, row), importance);
        var with = Error(row, RoundTrip(type, row, importance), importance);

        with.ShouldBeLessThan(0.97 * without);
    }

    [Theory, MemberData(nameof(WeightedTypes))]
    public void A_block_without_any_importance_is_still_written(DType type)
    {
        var row = GoldenBlocks.Instance.Source[..GoldenBlocks.Width];

        var values = RoundTrip(type, row, new float[row.Length]);

        Error(row, values).ShouldBeLessThan(0.1 * Error(row, new float[row.Length]));
    }

    [Theory, MemberData(nameof(SupportedTypes))]
    public void Zeros_stay_zeros(DType type)
    {
        RoundTrip(type, new float[512]).ShouldAllBe(v => v == 0);
        RoundTrip(type, new float[512], [.. Enumerable.Repeat(2f, 512)]).ShouldAllBe(v => v == 0);
    }

    [Theory, MemberData(nameof(SupportedTypes))]
    public void A_column_that_is_not_finite_is_named(DType type)
    {
        foreach (var bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            var row = new float[512];
            row[300] = bad;

            Should.Throw<ArgumentException>(() => Written(type, row)).Message.ShouldContain("Column 300");
        }
    }

    [Fact]
    public void A_value_beyond_the_range_of_the_scale_is_refused()
    {
        float[] row = [.. Enumerable.Repeat(70000f, 32)];

        Should.Throw<ArgumentException>(() => Written(DType.Q4_0, row)).Message.ShouldContain("65504");
        RoundTrip(DType.BF16, row)[0].ShouldBe(70000, 200);
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(-1f)]
    public void An_importance_that_is_no_weight_is_named(float bad)
    {
        var importance = new float[64];
        importance[40] = bad;

        Should.Throw<ArgumentException>(() => RoundTrip(DType.Q4_0, new float[64], importance)).Message.ShouldContain("column 40");
    }

    [Theory, MemberData(nameof(SupportedTypes))]
    public void Lengths_that_do_not_fit_are_refused(DType type)
    {
        var bytes = new byte[type.RowBytes(512)];

        Should.Throw<ArgumentException>(() => Quantizer.Run(type, new float[512], bytes.AsSpan(1)));
        Should.Throw<ArgumentException>(() => Quantizer.Run(type, new float[512 - type.BlockLength()], bytes));
        Should.Throw<ArgumentException>(() => Quantizer.Run(type, new float[512], bytes, new float[511]));
        if (!type.IsPlain())
            Should.Throw<ArgumentException>(() => Quantizer.Run(type, new float[511], bytes));
    }

    [Fact]
    public void Types_that_only_can_be_read_are_refused()
    {
        Quantizer.Supports(DType.IQ2_XXS).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Written(DType.IQ2_XXS, new float[256]));
    }

    static void ShouldLoseNoMoreThanGgml(DType type, float[] importance)
    {
        const double Allowed = 1.02; // of the root mean square; another order of sums may pick another of two equal scales
        for (var row = 0; row < GoldenBlocks.Rows; row++)
        {
            var range = new Range(row * GoldenBlocks.Width, (row + 1) * GoldenBlocks.Width);
            var source = GoldenBlocks.Instance.Source[range];
            var ggml = Error(source, GoldenBlocks.Instance.Expected(type)[range]);

            var own = Error(source, RoundTrip(type, source, importance));

            own.ShouldBeLessThanOrEqualTo(Allowed * Allowed * ggml, $"row {row}");
        }
    }

    static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    static byte[] Written(DType type, ReadOnlySpan<float> row)
    {
        var bytes = new byte[type.RowBytes(row.Length)];
        Quantizer.Run(type, row, bytes);
        return bytes;
    }

    static float[] RoundTrip(DType type, ReadOnlySpan<float> row, ReadOnlySpan<float> importance = default)
    {
        var bytes = new byte[type.RowBytes(row.Length)];
        var values = new float[row.Length];
        Quantizer.Run(type, row, bytes, importance);
        Dequantizer.Run(type, bytes, values);
        return values;
    }

    /// <summary>The mean square error, weighted where there is importance.</summary>
    static double Error(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, ReadOnlySpan<float> importance = default)
    {
        var sum = 0d;
        for (var i = 0; i < expected.Length; i++)
            sum += (importance.IsEmpty ? 1 : importance[i]) * Math.Pow((double)expected[i] - actual[i], 2);
        return sum / expected.Length;
    }

    static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
