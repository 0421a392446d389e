using System.Globalization;

namespace Brickwork.Cli.Benchmarks;

/// <summary>What all processors of the machine together did, as a virtual machine sees it.</summary>
/// <param name="Busy">They ran something.</param>
/// <param name="Stolen">They had something to run, and the host ran something else.</param>
readonly record struct ProcessorTimes(TimeSpan Busy, TimeSpan Stolen)
{
    const string Source = "/proc/stat";
    const double TicksPerSecond = 100;           // the unit that Linux shows to programs, whatever its own clock is

    /// <summary>Since the machine started; null where the system does not say.</summary>
    public static ProcessorTimes? OfThisMachine() => File.Exists(Source) ? Parse(File.ReadLines(Source).First()) : null;

    /// <summary>The line "cpu user nice system idle iowait irq softirq steal …"; null for any other.</summary>
    public static ProcessorTimes? Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 9 || words[0] != "cpu")
            return null;
        double Seconds(int column) => long.Parse(words[column], CultureInfo.InvariantCulture) / TicksPerSecond;
        return new ProcessorTimes(TimeSpan.FromSeconds(Seconds(1) + Seconds(2) + Seconds(3) + Seconds(6) + Seconds(7)), TimeSpan.FromSeconds(Seconds(8)));
    }

    public static ProcessorTimes operator -(ProcessorTimes later, ProcessorTimes earlier) => new(later.Busy - earlier.Busy, later.Stolen - earlier.Stolen);
}
