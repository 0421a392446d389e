namespace Brickwork.Tensors.Optimizers;

/// <summary>MeZO over a set of parameters; the direction of a step is known by its number.</summary>
sealed class Mezo(MezoOptions options, Compute compute, IReadOnlyList<Parameter> parameters) : Optimizer(compute, parameters)
{
    readonly float[] _decays = [.. parameters.Select(options.DecayOf)];

    /// <summary>Changes the parameters by the losses on both sides of them.</summary>
    /// <param name="stepsDone">How many steps came before.</param>
    /// <param name="rate">The learning rate of this step.</param>
    /// <param name="loss">The loss at the parameters as they are.</param>
    /// <returns>The mean of both losses, and the slope along the direction.</returns>
    public (double Loss, double Slope) Advance(long stepsDone, float rate, Func<double> loss)
    {
        Move(stepsDone, options.Distance, 0);
        var above = loss();
        Move(stepsDone, -2 * options.Distance, 0);
        var below = loss();
        Move(stepsDone, options.Distance, 0);
        var slope = (above - below) / (2 * options.Distance);
        if (double.IsFinite(slope))
            Move(stepsDone, (float)(-rate * slope), rate);
        return ((above + below) / 2, slope);
    }

    void Move(long stepsDone, float factor, float rate) => Runs.Run(Compute, new Work(this, stepsDone, factor, rate));

    readonly struct Work(Mezo mezo, long stepsDone, float factor, float rate) : IRunWork
    {
        public void Run(int parameter, int run, int firstRow, int rows)
        {
            // Every run of weights has numbers of its own, so that it does not matter which thread draws them.
            var random = new SeededRandom(unchecked((mezo.Seed + stepsDone) * 0x5851F42D4C957F2D + run));
            var keep = 1 - rate * mezo._decays[parameter];
            foreach (ref var weight in WeightRuns.Rows(mezo.Parameters[parameter].Value, firstRow, rows))
                weight = weight * keep + factor * (float)random.NextGaussian();
        }
    }

    long Seed => options.Seed;
}
