using System.Globalization;

namespace Brickwork.Training.Reports;

/// <summary>An axis of a plot: it ends where the values end, and its marks are round numbers between the ends.</summary>
/// <param name="Low">The least value.</param>
/// <param name="High">The greatest value; above <paramref name="Low"/>.</param>
readonly record struct Axis(double Low, double High)
{
    // What is closer together, by its size, is the same but for rounding.
    const double Rounding = 1e-9;

    /// <summary>The axis of some values; around a single one there is some room.</summary>
    public static Axis Of(IReadOnlyCollection<double> values)
    {
        var (low, high) = (values.Min(), values.Max());
        var size = Math.Max(Math.Abs(low), Math.Abs(high));
        var room = high - low > size * Rounding ? 0 : size == 0 ? 0.5 : size / 2;
        return new(low - room, high + room);
    }

    /// <summary>How far along the axis a value lies: 0 … 1.</summary>
    public double Share(double value) => (value - Low) / (High - Low);

    /// <summary>Multiples of 1, 2 or 5 times a power of ten, with their texts.</summary>
    /// <param name="most">How many there may be; at least half as many are found, roughly.</param>
    /// <param name="finest">The least distance between two.</param>
    public IEnumerable<(double Value, string Text)> Marks(int most, double finest = 0)
    {
        var step = Math.Max(finest, RoundStep((High - Low) / most));
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step)));
        // Adding 0 takes the sign off a zero.
        for (var number = Math.Ceiling(Low / step - Rounding) + 0.0; number <= High / step + Rounding; number++)
            yield return (number * step, (number * step).ToString(decimals > 6 ? "G3" : $"N{decimals}", CultureInfo.InvariantCulture));
    }

    /// <summary>The next round number that is not smaller.</summary>
    static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        ReadOnlySpan<double> digits = [1, 2, 5];
        foreach (var digit in digits)
            if (digit * power >= least * (1 - Rounding))
                return digit * power;
        return 10 * power;
    }
}
