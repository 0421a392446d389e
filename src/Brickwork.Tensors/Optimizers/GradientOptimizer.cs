namespace Brickwork;

/// <summary>An optimizer that follows gradients.</summary>
public abstract class GradientOptimizer : Optimizer
{
    private protected GradientOptimizer(Compute compute, IReadOnlyList<Parameter> parameters) : base(compute, parameters)
    {
    }

    /// <summary>Changes the parameters by their gradients.</summary>
    /// <param name="stepsDone">How many steps came before: 0 for the first.</param>
    /// <param name="rate">The learning rate of this step.</param>
    /// <param name="gradientScale">What gradients are multiplied by first: clipping.</param>
    public abstract void Advance(long stepsDone, float rate, float gradientScale = 1);
}
