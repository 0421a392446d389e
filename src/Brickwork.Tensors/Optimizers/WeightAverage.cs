using Brickwork.Kernels.Optimizers;

namespace Brickwork.Tensors.Optimizers;

/// <summary>An exponential moving average of weights: often better than the last weights, and free of the noise of the last steps.</summary>
sealed class WeightAverage
{
    readonly Compute _compute;
    readonly IReadOnlyList<Parameter> _parameters;
    readonly WeightRuns _runs;
    readonly Tensor[] _averages;

    /// <summary>Begins with the weights as they are.</summary>
    public WeightAverage(Compute compute, IReadOnlyList<Parameter> parameters)
    {
        (_compute, _parameters, _runs) = (compute, parameters, new WeightRuns(parameters));
        _averages = [.. parameters.Select(parameter => Tensor.From(parameter.Value.Floats, parameter.Value.Rows, parameter.Value.Columns))];
        State = [.. parameters.Select((parameter, index) => new KeyValuePair<string, Tensor>(parameter.Name, _averages[index]))];
    }

    /// <summary>The averages under the names of their parameters.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State { get; }

    /// <summary>average = d·average + (1 − d)·weight, where d rises with the first steps: min(decay, (1 + step) / (10 + step)).</summary>
    public void Add(long step, float decay)
    {
        var keep = MathF.Min(decay, (1f + step) / (10f + step));
        _runs.Run(_compute, new Work(_compute.InstructionSet, _parameters, _averages, keep));
    }

    /// <summary>Puts the averages where the weights are and the weights where the averages were; a second time undoes it.</summary>
    public void Swap() => _runs.Run(_compute, new SwapWork(_parameters, _averages));

    readonly struct Work(InstructionSet path, IReadOnlyList<Parameter> parameters, Tensor[] averages, float keep) : IRunWork
    {
        public void Run(int parameter, int run, int firstRow, int rows) => MomentumKernel.Blend(path,
            WeightRuns.Rows(parameters[parameter].Value, firstRow, rows), 1 - keep, keep, WeightRuns.Rows(averages[parameter], firstRow, rows));
    }

    readonly struct SwapWork(IReadOnlyList<Parameter> parameters, Tensor[] averages) : IRunWork
    {
        public void Run(int parameter, int run, int firstRow, int rows)
        {
            var weights = WeightRuns.Rows(parameters[parameter].Value, firstRow, rows);
            var stored = WeightRuns.Rows(averages[parameter], firstRow, rows);
            for (var i = 0; i < weights.Length; i++)
                (weights[i], stored[i]) = (stored[i], weights[i]);
        }
    }
}
