using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Brickwork.Benchmarks;

/// <summary>A table with a column for each path, so that paths stand side by side.</summary>
sealed class PathTable : ExporterBase
{
    protected override string FileExtension => "md";

    protected override string FileNameSuffix => "-paths";

    public override void ExportToLog(Summary summary, ILogger logger)
    {
        foreach (var rate in (RateColumn[])[RateColumn.Operations, RateColumn.Bytes])
            Write(summary, rate, logger);
    }

    static void Write(Summary summary, RateColumn rate, ILogger logger)
    {
        logger.WriteLine($"| {rate.ColumnName} | {string.Join(" | ", InstructionSets.Supported)} |");
        logger.WriteLine($"|---|{string.Concat(InstructionSets.Supported.Select(_ => "---|"))}");
        foreach (var group in summary.BenchmarksCases.GroupBy(Words))
        {
            var cells = InstructionSets.Supported.Select(path => group.FirstOrDefault(one => Equals(one.Parameters[nameof(KernelBenchmark.Path)], path)))
                .Select(one => one is null ? "–" : rate.GetValue(summary, one));
            logger.WriteLine($"| {group.Key} | {string.Join(" | ", cells)} |");
        }
        logger.WriteLine();
    }

    static string Words(BenchmarkCase one) => string.Join(' ', one.Parameters.Items.Where(item => item.Name != nameof(KernelBenchmark.Path))
        .Select(item => $"{item.Name}={item.Value}").Prepend(one.Descriptor.WorkloadMethod.Name));
}
