using System.Globalization;

namespace Brickwork.Cli.Cards;

/// <summary>Numbers as people read them.</summary>
static class Numbers
{
    static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];
    static readonly string[] CountUnits = ["", " K", " M", " B", " T"];

    public static string Bytes(long bytes) => Scaled(bytes, 1024, ByteUnits, " ");

    public static string Count(long count) => Scaled(count, 1000, CountUnits, "");

    public static string Rate(double perSecond) => string.Create(CultureInfo.InvariantCulture, $"{perSecond:F1} tokens/s");

    public static string Fixed(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);

    static string Scaled(long value, double step, string[] units, string gap)
    {
        double scaled = value;
        var unit = 0;
        for (; scaled >= step && unit < units.Length - 1; unit++)
            scaled /= step;
        return string.Create(CultureInfo.InvariantCulture, $"{scaled.ToString(unit == 0 ? "F0" : "F1", CultureInfo.InvariantCulture)}{gap}{units[unit]}");
    }
}
