using Brickwork.Kernels.RmsNorm;

namespace Brickwork.Tensors.Optimizers;

/// <summary>The length of all gradients taken as one vector, and what it has to be multiplied by to stay short.</summary>
static class GradientNorm
{
    /// <summary>√Σ g² over all parameters, in runs of fixed size added in double, in order.</summary>
    public static double Of(Compute compute, IReadOnlyList<Parameter> parameters) => Of(compute, parameters, new WeightRuns(parameters));

    /// <summary>The length of one tensor.</summary>
    public static double Of(Compute compute, Tensor tensor) => Of(compute, [new Parameter("", tensor, tensor)]);

    /// <summary>1, or less where the gradients are longer than <paramref name="limit"/>.</summary>
    public static float ClipScale(double norm, float? limit) => limit is { } most && norm > most ? (float)(most / norm) : 1;

    static double Of(Compute compute, IReadOnlyList<Parameter> parameters, WeightRuns runs)
    {
        var sums = new double[runs.Count];
        runs.Run(compute, new Work(compute.InstructionSet, parameters, sums));
        return Math.Sqrt(sums.Sum());
    }

    readonly struct Work(InstructionSet path, IReadOnlyList<Parameter> parameters, double[] sums) : IRunWork
    {
        public void Run(int parameter, int run, int firstRow, int rows)
        {
            double length = L2NormalizeKernel.Length(path, WeightRuns.Rows(parameters[parameter].Gradient, firstRow, rows));
            sums[run] = length * length;
        }
    }
}
