using Brickwork.Kernels.Optimizers;

namespace Brickwork.Tensors.Optimizers;

/// <summary>AdamW over a set of parameters.</summary>
sealed class AdamW : GradientOptimizer
{
    readonly AdamWOptions _options;
    readonly Tensor[] _firsts, _seconds;
    readonly float[] _decays;

    public AdamW(AdamWOptions options, Compute compute, IReadOnlyList<Parameter> parameters) : base(compute, parameters)
    {
        _options = options;
        _firsts = Remember("m", options.MomentType);
        _seconds = Remember("v", options.MomentType);
        _decays = [.. parameters.Select(options.DecayOf)];
    }

    public override void Advance(long stepsDone, float rate, float gradientScale) =>
        Runs.Run(Compute, new Work(this, NumbersOf(_options, stepsDone, rate, gradientScale), stepsDone));

    /// <summary>The numbers of a step, but for the decay, which differs between parameters.</summary>
    public static AdamStep NumbersOf(AdamWOptions options, long stepsDone, float rate, float gradientScale) => new(
        rate, 0, options.Beta1, options.Beta2, options.Epsilon,
        (float)(1 / (1 - Math.Pow(options.Beta1, stepsDone + 1))), (float)(1 / (1 - Math.Pow(options.Beta2, stepsDone + 1))), gradientScale);

    readonly struct Work(AdamW optimizer, AdamStep step, long stepsDone) : IRunWork
    {
        public void Run(int parameter, int run, int firstRow, int rows)
        {
            var weights = optimizer.Parameters[parameter];
            var firsts = RememberedRows.Open<First>(optimizer._firsts[parameter], firstRow, rows);
            var seconds = RememberedRows.Open<Second>(optimizer._seconds[parameter], firstRow, rows);
            AdamKernel.Run(optimizer.Compute.InstructionSet, step with { Decay = optimizer._decays[parameter] },
                WeightRuns.Rows(weights.Gradient, firstRow, rows), WeightRuns.Rows(weights.Value, firstRow, rows),
                firsts.Values, seconds.Values);
            firsts.Keep(stepsDone, parameter, 2 * run);
            seconds.Keep(stepsDone, parameter, 2 * run + 1);
        }

        struct First;

        struct Second;
    }
}
