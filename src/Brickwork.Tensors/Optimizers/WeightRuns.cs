using System.Runtime.InteropServices;
using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Optimizers;

/// <summary>Work on some rows of one parameter.</summary>
interface IRunWork
{
    /// <param name="parameter">Its index.</param>
    /// <param name="run">The number of the run among all.</param>
    /// <param name="firstRow">Of its value.</param>
    /// <param name="rows">How many.</param>
    void Run(int parameter, int run, int firstRow, int rows);
}

/// <summary>All weights of some parameters, cut into runs of about the same size for threads to share; the cut knows nothing of threads.</summary>
sealed class WeightRuns
{
    const int RunValues = 16 * 1024;
    readonly (int Parameter, int FirstRow, int Rows)[] _runs;

    public WeightRuns(IReadOnlyList<Parameter> parameters) =>
        _runs = [.. parameters.SelectMany((parameter, index) => Cut(parameter.Value).Select(cut => (index, cut.FirstRow, cut.Rows)))];

    public int Count => _runs.Length;

    public void Run<TWork>(Compute compute, in TWork work) where TWork : struct, IRunWork =>
        compute.Team.Run(_runs.Length, new Job<TWork>(_runs, work));

    /// <summary>Some rows of a tensor of F32.</summary>
    public static Span<float> Rows(Tensor tensor, int first, int count) => MemoryMarshal.Cast<byte, float>(tensor.RowSpan(first, count));

    static IEnumerable<(int FirstRow, int Rows)> Cut(Tensor tensor)
    {
        var rows = Math.Max(1, RunValues / Math.Max(tensor.Columns, 1));
        for (var row = 0; row < tensor.Rows; row += rows)
            yield return (row, Math.Min(rows, tensor.Rows - row));
    }

    readonly struct Job<TWork>((int Parameter, int FirstRow, int Rows)[] runs, TWork work) : IParallelJob where TWork : struct, IRunWork
    {
        public void Run(int chunk) => work.Run(runs[chunk].Parameter, chunk, runs[chunk].FirstRow, runs[chunk].Rows);
    }
}
