using Brickwork.Tensors.Optimizers;

namespace Brickwork;

/// <summary>Changes parameters step by step, and remembers what it needs of earlier steps.</summary>
/// <remarks>The bits depend neither on the number of threads nor, but for Muon and GaLore, on the kernel path.</remarks>
public abstract class Optimizer
{
    readonly List<KeyValuePair<string, Tensor>> _state = [];

    private protected Optimizer(Compute compute, IReadOnlyList<Parameter> parameters)
    {
        Compute = compute;
        Parameters = parameters;
        Runs = new WeightRuns(parameters);
    }

    /// <summary>What is remembered between steps: tensors of F32 or BF16 under names, to be saved and written back.</summary>
    /// <remarks>Together with the number of the step it decides the next ones bit for bit.</remarks>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State => _state;

    private protected Compute Compute { get; }

    private protected IReadOnlyList<Parameter> Parameters { get; }

    private protected WeightRuns Runs { get; }

    /// <summary>An optimizer for these parameters, with nothing remembered yet.</summary>
    public static Optimizer Create(OptimizerOptions options, Compute compute, IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(parameters);
        return options.Create(compute, parameters);
    }

    /// <summary>A remembered tensor of zeros for each parameter, in its shape.</summary>
    private protected Tensor[] Remember(string what, DType type) => [.. Parameters.Select(parameter => Remember(parameter, what, parameter.Value.Shape, type))];

    private protected Tensor Remember(Parameter parameter, string what, Shape shape, DType type = DType.F32)
    {
        var tensor = Tensor.Zeros(type, shape);
        _state.Add(new($"{parameter.Name}.{what}", tensor));
        return tensor;
    }

    /// <summary>Counts what another optimizer remembers as remembered here.</summary>
    private protected void Share(Optimizer other) => _state.AddRange(other.State);
}
