using Brickwork.Kernels.Optimizers;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Tensors.Optimizers;

/// <summary>Muon over matrices, beside an optimizer for everything else.</summary>
sealed class Muon : GradientOptimizer
{
    readonly MuonOptions _options;
    readonly AdamW _rest;
    readonly Tensor[] _momentum;
    readonly Tensor _directions;
    readonly OrthogonalFactor _orthogonal;

    public Muon(MuonOptions options, Compute compute, IReadOnlyList<Parameter> matrices, AdamW rest) : base(compute, matrices)
    {
        _options = options;
        _rest = rest;
        _momentum = Remember("momentum", options.MomentType);
        Share(rest);
        _directions = Tensor.Zeros(Math.Max(1, matrices.Select(matrix => matrix.Value.Shape.Count).DefaultIfEmpty().Max()));
        _orthogonal = new OrthogonalFactor(compute, matrices.Select(matrix => matrix.Value.Shape), options.Iterations);
    }

    public override void Advance(long stepsDone, float rate, float gradientScale)
    {
        for (var index = 0; index < Parameters.Count; index++)
            Step(index, stepsDone, rate, gradientScale);
        _rest.Advance(stepsDone, rate, gradientScale);
    }

    void Step(int index, long stepsDone, float rate, float gradientScale)
    {
        var matrix = Parameters[index];
        var (rows, columns) = (matrix.Value.Rows, matrix.Value.Columns);
        var directions = new Tensor(_directions.Memory, 0, DType.F32, new Shape(rows, columns));
        var runs = new WeightRuns([matrix]);
        runs.Run(Compute, new MomentumWork(this, index, directions, stepsDone, gradientScale));
        _orthogonal.Run(directions);
        // An orthogonal matrix has values of size 1/√max(rows, columns).
        var size = rate * _options.StepSize * MathF.Sqrt(Math.Max(rows, columns));
        runs.Run(Compute, new StepWork(Compute.InstructionSet, directions, matrix.Value, -size, 1 - rate * _options.DecayOf(matrix)));
    }

    readonly struct MomentumWork(Muon optimizer, int index, Tensor directions, long stepsDone, float scale) : IRunWork
    {
        public void Run(int parameter, int run, int firstRow, int rows)
        {
            var momentum = RememberedRows.Open<MomentumWork>(optimizer._momentum[index], firstRow, rows);
            MomentumKernel.Nesterov(optimizer.Compute.InstructionSet, optimizer._options.Momentum, scale,
                WeightRuns.Rows(optimizer.Parameters[index].Gradient, firstRow, rows), WeightRuns.Rows(directions, firstRow, rows), momentum.Values);
            momentum.Keep(stepsDone, index, run);
        }
    }

    readonly struct StepWork(InstructionSet path, Tensor directions, Tensor weights, float factor, float keep) : IRunWork
    {
        public void Run(int parameter, int run, int firstRow, int rows) => MomentumKernel.Blend(
            path, WeightRuns.Rows(directions, firstRow, rows), factor, keep, WeightRuns.Rows(weights, firstRow, rows));
    }
}
