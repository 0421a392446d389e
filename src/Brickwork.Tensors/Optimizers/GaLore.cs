using Brickwork.Kernels.Optimizers;
using Brickwork.Tensors.LinearAlgebra;
using Brickwork.Tensors.Operations;

namespace Brickwork.Tensors.Optimizers;

/// <summary>GaLore over matrices, beside an optimizer for everything else.</summary>
sealed class GaLore : GradientOptimizer
{
    readonly GaLoreOptions _options;
    readonly AdamW _rest;
    readonly Projected[] _matrices;

    public GaLore(GaLoreOptions options, Compute compute, IReadOnlyList<Parameter> matrices, AdamW rest) : base(compute, matrices)
    {
        _options = options;
        _rest = rest;
        _matrices = [.. matrices.Select(Project)];
        Share(rest);
    }

    public override void Advance(long stepsDone, float rate, float gradientScale)
    {
        var numbers = AdamW.NumbersOf(_options.AdamW, stepsDone, -1, gradientScale);
        foreach (var matrix in _matrices)
        {
            if (stepsDone % _options.RefreshEvery == 0)
                matrix.FindDirections(Compute, stepsDone);
            matrix.Step(Compute, numbers, rate * _options.Scale, 1 - rate * _options.DecayOf(matrix.Parameter));
        }
        _rest.Advance(stepsDone, rate, gradientScale);
    }

    Projected Project(Parameter parameter)
    {
        var (rows, columns) = (parameter.Value.Rows, parameter.Value.Columns);
        var rank = Math.Min(_options.Rank, Math.Min(rows, columns));
        // The shorter side is projected.
        var small = rows <= columns ? new Shape(rank, columns) : new Shape(rows, rank);
        return new Projected(parameter, Remember(parameter, "directions", new Shape(Math.Min(rows, columns), rank)), Remember(parameter, "m", small), Remember(parameter, "v", small));
    }

    /// <summary>A matrix [M, N] whose moments live in r directions of its shorter side.</summary>
    /// <param name="Parameter">The matrix.</param>
    /// <param name="Directions">P, [min(M, N), r].</param>
    /// <param name="First">[r, N] or [M, r].</param>
    /// <param name="Second">The same.</param>
    sealed record Projected(Parameter Parameter, Tensor Directions, Tensor First, Tensor Second)
    {
        readonly Tensor _gradient = Tensor.Zeros(DType.F32, First.Shape), _step = Tensor.Zeros(DType.F32, First.Shape), _change = Tensor.Zeros(DType.F32, Parameter.Value.Shape);

        bool IsWide => Parameter.Value.Rows <= Parameter.Value.Columns;

        public void FindDirections(Compute compute, long seed)
        {
            var found = LeadingDirections.Of(compute, Parameter.Gradient, Directions.Columns, seed);
            (IsWide ? found.Left : found.Right).Floats.CopyTo(Directions.Floats);
        }

        public void Step(Compute compute, AdamStep numbers, float factor, float keep)
        {
            if (IsWide)
                Gemm.Run(compute, Transposes.First, Directions, Parameter.Gradient, _gradient);
            else
                Gemm.Run(compute, Transposes.None, Parameter.Gradient, Directions, _gradient);
            // A step of rate −1 from nothing is the direction itself.
            _step.Floats.Clear();
            RowWork.Run(compute, _step.Rows, _step.Columns, new AdamWork(compute.InstructionSet, numbers, _gradient, _step, First, Second));
            if (IsWide)
                Gemm.Run(compute, Transposes.None, Directions, _step, _change);
            else
                Gemm.Run(compute, Transposes.Second, _step, Directions, _change);
            RowWork.Run(compute, _change.Rows, _change.Columns, new StepWork(compute.InstructionSet, _change, -factor, keep, Parameter.Value));
        }
    }

    readonly struct AdamWork(InstructionSet path, AdamStep numbers, Tensor gradient, Tensor step, Tensor first, Tensor second) : IRowWork
    {
        public void Run(int firstRow, int rows) => AdamKernel.Run(path, numbers, WeightRuns.Rows(gradient, firstRow, rows), WeightRuns.Rows(step, firstRow, rows),
            WeightRuns.Rows(first, firstRow, rows), WeightRuns.Rows(second, firstRow, rows));
    }

    readonly struct StepWork(InstructionSet path, Tensor change, float factor, float keep, Tensor weights) : IRowWork
    {
        public void Run(int firstRow, int rows) =>
            MomentumKernel.Blend(path, WeightRuns.Rows(change, firstRow, rows), factor, keep, WeightRuns.Rows(weights, firstRow, rows));
    }
}
