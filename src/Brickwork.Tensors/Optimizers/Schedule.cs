namespace Brickwork;

/// <summary>The learning rate of each step. It depends on the number of the step alone, never on time.</summary>
public abstract record Schedule
{
    /// <summary>The highest rate.</summary>
    public float Rate { get; init; } = 1e-3f;

    /// <summary>Steps over which the rate rises from nothing.</summary>
    public long WarmUpSteps { get; init; }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">How many steps came before.</param>
    /// <param name="steps">How many there are in all.</param>
    public float At(long step, long steps) =>
        (float)(Rate * (step < WarmUpSteps ? (step + 1.0) / WarmUpSteps : Share(step, steps)));

    /// <summary>What a rate after the warm-up is of the highest one.</summary>
    private protected abstract double Share(long step, long steps);
}

/// <summary>One rate after the warm-up.</summary>
public sealed record ConstantSchedule : Schedule
{
    private protected override double Share(long step, long steps) => 1;
}

/// <summary>Half a cosine from the highest rate to the last (Loshchilov &amp; Hutter 2017).</summary>
public sealed record CosineSchedule : Schedule
{
    /// <summary>The last rate as a share of the highest.</summary>
    public float FinalShare { get; init; } = 0.1f;

    private protected override double Share(long step, long steps)
    {
        var progress = Math.Clamp((step - WarmUpSteps) / (double)Math.Max(1, steps - WarmUpSteps), 0, 1);
        return FinalShare + (1 - FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * progress));
    }
}

/// <summary>How the rate of a <see cref="StableSchedule"/> falls at the end.</summary>
public enum DecayShape
{
    /// <summary>In a straight line.</summary>
    Linear,

    /// <summary>As 1 − √progress: quickly first (Hägele et al. 2024).</summary>
    SquareRoot,
}

/// <summary>Warm-up, one rate for most of the steps, and a decay at the end (WSD: Hu et al. 2024, MiniCPM §4).</summary>
public sealed record StableSchedule : Schedule
{
    /// <summary>Over which share of all steps the rate falls at the end.</summary>
    public float DecayShare { get; init; } = 0.2f;

    /// <summary>The last rate as a share of the highest.</summary>
    public float FinalShare { get; init; }

    /// <summary>How it falls.</summary>
    public DecayShape Shape { get; init; } = DecayShape.SquareRoot;

    private protected override double Share(long step, long steps)
    {
        var decaySteps = Math.Max(1, Math.Round(steps * (double)DecayShare));
        var progress = Math.Clamp((step - (steps - decaySteps)) / decaySteps, 0, 1);
        var fallen = Shape == DecayShape.Linear ? progress : Math.Sqrt(progress);
        return 1 - (1 - FinalShare) * fallen;
    }
}
