namespace Brickwork.TestKit;

/// <summary>What an operation computes, in double precision and without tricks: all inputs in, the output out.</summary>
public delegate double[] Formula(double[][] inputs);

/// <summary>Adds to the gradients that are wanted; the others are null.</summary>
public delegate void BackwardRun(Compute compute, Tensor[] inputs, Tensor outputGradient, Tensor?[] gradients);

/// <summary>An operation with a gradient, and the formula that the gradient must agree with.</summary>
public sealed record GradientCase
{
    /// <summary>What is tried, as it shall stand in the message of a failed test.</summary>
    public required string Name { get; init; }

    /// <summary>The class of the operation.</summary>
    public required Type Operation { get; init; }

    /// <summary>The shapes of the inputs that have gradients.</summary>
    public required IReadOnlyList<long[]> Inputs { get; init; }

    /// <summary>The shape of the output.</summary>
    public required long[] Output { get; init; }

    public required Formula Formula { get; init; }

    public required BackwardRun Backward { get; init; }

    /// <summary>Values are drawn from ± this.</summary>
    public double Spread { get; init; } = 1.5;

    /// <summary>Where the formula has no slope: no value is drawn from there.</summary>
    public IReadOnlyList<double> Kinks { get; init; } = [];

    /// <summary>‖found − expected‖ / ‖expected‖, gradient by gradient.</summary>
    public double Tolerance { get; init; } = 1e-5;

    public override string ToString() => Name;
}
