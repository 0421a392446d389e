using Brickwork.Kernels.Rope;

namespace Brickwork.Kernels.Tests.Rope;

public sealed class RopeTests
{
    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Every_style_and_width_matches_the_reference(InstructionSet path)
    {
        foreach (var style in Enum.GetValues<RopeStyle>())
            for (var width = 2; width <= 256; width += 2)
            {
                var table = new RopeTable(new RopeOptions { Width = width, Style = style });
                var (expected, actual) = (Rows.Random(width, width + 3), Rows.Random(width, width + 3));
                RopeKernel.Run(InstructionSet.Reference, style, table.Angles(77), expected);
                RopeKernel.Run(path, style, table.Angles(77), actual);
                actual.ShouldBeClose(expected, 1e-7, 2e-7, $"{style} of {width} on {path}");
            }
    }

    [Fact]
    public void A_pair_turns_by_position_times_frequency()
    {
        var table = new RopeTable(new RopeOptions { Width = 4, Style = RopeStyle.AdjacentPairs, Base = 100 });
        float[] head = [1, 0, 0, 1, 9];
        RopeKernel.Run(InstructionSet.Reference, RopeStyle.AdjacentPairs, table.Angles(3), head);
        head[0].ShouldBe((float)Math.Cos(3), 1e-6f);
        head[1].ShouldBe((float)Math.Sin(3), 1e-6f);
        head[2].ShouldBe((float)-Math.Sin(0.3), 1e-6f);
        head[3].ShouldBe((float)Math.Cos(0.3), 1e-6f);
        head[4].ShouldBe(9);
    }

    [Fact]
    public void Half_split_turns_the_same_pairs_in_another_order()
    {
        var halves = new RopeTable(new RopeOptions { Width = 8, Style = RopeStyle.HalfSplit });
        var neighbours = new RopeTable(new RopeOptions { Width = 8, Style = RopeStyle.AdjacentPairs });
        float[] x = [0, 1, 2, 3, 4, 5, 6, 7];
        float[] interleaved = [0, 4, 1, 5, 2, 6, 3, 7];
        RopeKernel.Run(InstructionSet.Reference, RopeStyle.HalfSplit, halves.Angles(1000), x);
        RopeKernel.Run(InstructionSet.Reference, RopeStyle.AdjacentPairs, neighbours.Angles(1000), interleaved);
        for (var pair = 0; pair < 4; pair++)
            (interleaved[2 * pair], interleaved[2 * pair + 1]).ShouldBe((x[pair], x[pair + 4]));
    }

    /// <summary>The formula as ggml writes it, in double precision.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void Yarn_follows_the_published_formula(double extrapolation)
    {
        const int width = 64;
        var yarn = new YarnOptions { OriginalContext = 4096, ExtrapolationFactor = extrapolation, AttentionFactor = 0.9 };
        var table = new RopeTable(new RopeOptions { Width = width, Base = 10000, ScalingFactor = 16, Yarn = yarn });
        double Dimension(double turns) => width * Math.Log(4096 / (turns * 2 * Math.PI)) / (2 * Math.Log(10000));
        var (low, high) = (Math.Floor(Dimension(32)), Math.Ceiling(Dimension(1)));
        for (var pair = 0; pair < width / 2; pair++)
        {
            var own = Math.Pow(10000, -2.0 * pair / width);
            var mix = (1 - Math.Min(1, Math.Max(0, (pair - low) / Math.Max(0.001, high - low)))) * extrapolation;
            table.Frequencies[pair].ShouldBe(own / 16 * (1 - mix) + own * mix, 1e-12);
        }
        table.Magnitude.ShouldBe(0.9 * (1 + 0.1 * Math.Log(16)), 1e-12);
        table.Angles(0)[0].ShouldBe((float)table.Magnitude);
    }

    [Fact]
    public void Llama3_factors_keep_short_waves_and_stretch_long_ones()
    {
        var factors = RopeOptions.Llama3Factors(128, 500000, 8, 1, 4, 8192);
        factors[0].ShouldBe(1);
        factors[^1].ShouldBe(8);
        factors.ShouldBe(factors.Order());
        factors.Count(factor => factor is > 1 and < 8).ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Frequency_factors_and_linear_scaling_divide_the_frequency()
    {
        var plain = new RopeTable(new RopeOptions { Width = 4 });
        var scaled = new RopeTable(new RopeOptions { Width = 4, ScalingFactor = 2, FrequencyFactors = [1, 4] });
        scaled.Frequencies[0].ShouldBe(plain.Frequencies[0] / 2);
        scaled.Frequencies[1].ShouldBe(plain.Frequencies[1] / 8);
    }

    [Fact]
    public void Angles_are_the_same_in_whatever_order_positions_are_asked_for()
    {
        var one = new RopeTable(new RopeOptions { Width = 32 });
        var other = new RopeTable(new RopeOptions { Width = 32 });
        var late = one.Angles(100_000).ToArray();
        Parallel.ForEach(Enumerable.Range(0, 3000), position => other.Angles(position));
        other.Angles(100_000).ToArray().ShouldBe(late);
        one.Angles(2999).ToArray().ShouldBe(other.Angles(2999).ToArray());
    }

    [Fact]
    public void A_width_that_is_odd_or_wider_than_the_head_is_refused()
    {
        Should.Throw<ArgumentException>(() => new RopeTable(new RopeOptions { Width = 5 }));
        var table = new RopeTable(new RopeOptions { Width = 8 });
        Should.Throw<ArgumentException>(() => RopeKernel.Run(InstructionSet.Vector, RopeStyle.HalfSplit, table.Angles(1), new float[6]));
    }

    [Fact]
    public void Far_positions_take_the_memory_of_near_ones_and_both_stay_right()
    {
        const int far = 256 * 1024;
        var table = new RopeTable(new RopeOptions { Width = 8 });
        var near = table.Angles(5).ToArray();

        // 5 + far stands where 5 stood.
        table.Angles(5 + far)[1].ShouldBe((float)Math.Cos((5 + far) * table.Frequencies[1]));
        table.Angles(5).ToArray().ShouldBe(near);
    }
}
