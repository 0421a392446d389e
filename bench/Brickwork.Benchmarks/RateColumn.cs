using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Brickwork.Benchmarks;

/// <summary>How much a kernel does per second, in 10^9.</summary>
/// <param name="name">The column's headline.</param>
/// <param name="amount">What is counted.</param>
sealed class RateColumn(string name, Func<KernelWork, double> amount) : IColumn
{
    public static readonly RateColumn Operations = new("GOP/s", work => work.Operations);

    public static readonly RateColumn Bytes = new("GB/s", work => work.Bytes);

    public string Id => ColumnName;

    public string ColumnName { get; } = name;

    public string Legend => $"{ColumnName} in the best round";

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool AlwaysShow => true;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    /// <summary>The best round counts: other processes of the machine lengthen most of them.</summary>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? (amount(KernelBenchmark.WorkOf(benchmarkCase)) / statistics.Min).ToString("F1", CultureInfo.InvariantCulture)
            : "–";
}
