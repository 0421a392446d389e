using Brickwork.Kernels.Optimizers;

namespace Brickwork.Tensors.Optimizers;

/// <summary>Lion over a set of parameters.</summary>
sealed class Lion : GradientOptimizer
{
    readonly LionOptions _options;
    readonly Tensor[] _momentum;
    readonly float[] _decays;

    public Lion(LionOptions options, Compute compute, IReadOnlyList<Parameter> parameters) : base(compute, parameters)
    {
        _options = options;
        _momentum = Remember("momentum", options.MomentType);
        _decays = [.. parameters.Select(options.DecayOf)];
    }

    public override void Advance(long stepsDone, float rate, float gradientScale) =>
        Runs.Run(Compute, new Work(this, new LionStep(rate, 0, _options.Beta1, _options.Beta2, gradientScale), stepsDone));

    readonly struct Work(Lion optimizer, LionStep step, long stepsDone) : IRunWork
    {
        public void Run(int parameter, int run, int firstRow, int rows)
        {
            var weights = optimizer.Parameters[parameter];
            var momentum = RememberedRows.Open<Work>(optimizer._momentum[parameter], firstRow, rows);
            LionKernel.Run(optimizer.Compute.InstructionSet, step with { Decay = optimizer._decays[parameter] },
                WeightRuns.Rows(weights.Gradient, firstRow, rows), WeightRuns.Rows(weights.Value, firstRow, rows),
                momentum.Values);
            momentum.Keep(stepsDone, parameter, run);
        }
    }
}
