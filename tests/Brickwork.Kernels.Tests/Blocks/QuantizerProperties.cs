using Brickwork.Kernels.Blocks;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Kernels.Tests.Blocks;

/// <summary>What holds for any finite row, from constant rows to rows of one outlier, at any size of values.</summary>
public class QuantizerProperties
{
    /// <summary>The largest error of a value, as a share of the spread of its block with zero, beside what half scales lose.</summary>
    /// <remarks>Rounding loses half a step; the side of the scale with one level less loses a whole one; a fit may also clamp the largest
    /// value by up to a step, and a scale code moves the steps of its group.</remarks>
    public static TheoryData<DType, double> Bounds { get; } = new()
    {
        { DType.F16, 1d / 2048 }, { DType.BF16, 1d / 256 }, { DType.F32, 0 }, { DType.F64, 0 },
        { DType.Q8_0, 0.58 / 127 }, { DType.Q4_0, 1.01 / 8 }, { DType.Q4_1, 0.52 / 15 },
        { DType.Q5_0, 1.02 / 16 }, { DType.Q5_1, 0.53 / 31 },
        { DType.Q2_K, 1.5 / 3 }, { DType.Q3_K, 2.5 / 4 }, { DType.Q4_K, 2.0 / 15 }, { DType.Q5_K, 2.0 / 31 }, { DType.Q6_K, 2.0 / 32 },
        { DType.IQ4_NL, 0.25 }, { DType.IQ4_XS, 0.3 },
        { DType.TQ1_0, 0.501 }, { DType.TQ2_0, 0.501 }, { DType.MXFP4, 0.251 }, { DType.NVFP4, 0.22 },
    };

    static readonly Arbitrary<float[]> Rows =
    (
        from seed in Gen.Choose(0, int.MaxValue)
        from shape in Gen.Elements(Enum.GetValues<Shape>())
        from power in Gen.Choose(-9, 1)
        select Row(new Random(seed), shape, MathF.Pow(10, power))
    ).ToArbitrary();

    enum Shape
    {
        Normal,
        Positive,
        Constant,
        Outlier,
        Sparse,
        Offset,
    }

    [Theory, MemberData(nameof(Bounds))]
    public void No_value_moves_further_than_the_type_allows(DType type, double bound) =>
        Prop.ForAll(Rows, row => MovesLessThan(type, row, importance: [], bound)).QuickCheckThrowOnFailure();

    [Theory, MemberData(nameof(Bounds))]
    public void Importance_leaves_all_values_finite(DType type, double bound)
    {
        _ = bound;
        Prop.ForAll(Rows, row =>
        {
            var random = new Random(1);
            float[] importance = [.. row.Select(_ => random.Next(3) == 0 ? 0f : MathF.Pow(10, random.Next(-20, 20)))];
            return Array.TrueForAll(RoundTrip(type, row, importance), float.IsFinite);
        }).QuickCheckThrowOnFailure();
    }

    [Theory, MemberData(nameof(Bounds))]
    public void Written_values_stay_as_near_when_written_again(DType type, double bound) =>
        Prop.ForAll(Rows, row => MovesLessThan(type, RoundTrip(type, row, []), importance: [], bound)).QuickCheckThrowOnFailure();

    static bool MovesLessThan(DType type, float[] row, float[] importance, double bound)
    {
        // A subnormal half is wrong by up to 2^-25; it is multiplied by at most 128 codes and 32 quants.
        const double SubnormalLoss = 128 * 32 / 33554432d;
        // The smallest scale of NVFP4 is 2^-9 and its largest level 6.
        var floor = type switch
        {
            DType.F32 or DType.F64 or DType.BF16 => 0,
            DType.NVFP4 => 6d / 512,
            _ => SubnormalLoss,
        };
        var values = RoundTrip(type, row, importance);
        for (var start = 0; start < row.Length; start += 256)
        {
            var block = row.AsSpan(start, 256);
            var spread = Math.Max(0d, block.ToArray().Max()) - Math.Min(0d, block.ToArray().Min());
            for (var i = 0; i < 256; i++)
                if (!(Math.Abs((double)block[i] - values[start + i]) <= bound * spread + floor))
                    return false;
        }
        return true;
    }

    static float[] RoundTrip(DType type, float[] row, float[] importance)
    {
        var bytes = new byte[type.RowBytes(row.Length)];
        var values = new float[row.Length];
        Quantizer.Run(type, row, bytes, importance);
        Dequantizer.Run(type, bytes, values);
        return values;
    }

    static float[] Row(Random random, Shape shape, float size)
    {
        float Normal() => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * size;
        float[] row = [.. Enumerable.Range(0, 512).Select(_ => Normal())];
        for (var i = 0; i < row.Length; i++)
            row[i] = shape switch
            {
                Shape.Positive => MathF.Abs(row[i]),
                Shape.Constant => row[0],
                Shape.Outlier when i == 77 => 20 * row[i],
                Shape.Sparse when random.Next(8) > 0 => 0,
                Shape.Offset => row[i] / 100 - size,
                _ => row[i],
            };
        return row;
    }
}
