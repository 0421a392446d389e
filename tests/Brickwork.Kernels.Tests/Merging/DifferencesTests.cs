using Brickwork.Kernels.Merging;

namespace Brickwork.Kernels.Tests.Merging;

/// <summary>The kernels of merges against plain loops, bit for bit.</summary>
public sealed class DifferencesTests
{
    public static TheoryData<int, bool> Lengths
    {
        get
        {
            var data = new TheoryData<int, bool>();
            foreach (var length in (int[])[0, 1, 7, 8, 9, 64, 1003])
            {
                data.Add(length, false);
                data.Add(length, true);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sums_of_scaled_differences_are_those_of_the_reference(int length, bool hasOrigin)
    {
        var (x, origin) = (Values(1, length), hasOrigin ? Values(2, length) : []);
        double[] sums = [.. Values(3, length).Select(value => (double)value)], expected = [.. sums];

        Differences.Add(x, origin, 0.3, sums);
        Differences.AddReference(x, origin, 0.3, expected);

        sums.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Results_are_rounded_as_in_the_reference(int length, bool hasOrigin)
    {
        float[] origin = hasOrigin ? Values(2, length) : [];
        double[] sums = [.. Values(3, length).Select(value => value / 3.0)];
        var (found, expected) = (new float[length], new float[length]);

        Differences.Round(origin, 0.7, sums, found);
        Differences.RoundReference(origin, 0.7, sums, expected);

        found.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Magnitudes_and_products_are_those_of_the_reference(int length, bool hasOrigin)
    {
        var (a, b, origin) = (Values(1, length), Values(2, length), hasOrigin ? Values(3, length) : []);
        var (found, expected) = (new float[length], new float[length]);

        Differences.Magnitudes(a, origin, found);
        Differences.MagnitudesReference(a, origin, expected);

        found.ShouldBe(expected);
        Differences.Product(a, b, origin).ShouldBe(Differences.ProductReference(a, b, origin));
    }

    [Fact]
    public void Votes_are_counted_as_in_the_reference()
    {
        const int Stride = 41, Length = 37;
        foreach (var inputs in (int[])[1, 2, 3])
        {
            // Zeros and opposites, so that ties and absences occur.
            double[] deltas = [.. Values(inputs, inputs * Stride).Select(value => Math.Round(2.0 * value) / 2)];
            double[] weights = [.. Enumerable.Range(1, inputs).Select(input => input == 2 ? -0.5 : input)];
            foreach (var (weighted, signs, divides) in from a in (bool[])[false, true] from b in (bool[])[false, true] from c in (bool[])[false, true] select (a, b, c))
            {
                var (found, expected) = (new double[Length], new double[Length]);
                SignVote.Run(deltas, Stride, weights, new VoteRule(weighted, signs, divides), found);
                SignVote.RunReference(deltas, Stride, weights, new VoteRule(weighted, signs, divides), expected);
                found.ShouldBe(expected, $"{inputs} inputs, weighted {weighted}, signs {signs}, divides {divides}");
            }
        }
    }

    static float[] Values(int seed, int length)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian())];
    }
}
