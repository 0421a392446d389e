using Brickwork.Bricks.Merge.Planning;
using Brickwork.Bricks.Merge.Preparing;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>The weighted mean of inputs whose neurons and heads were renumbered like those of the first (git re-basin, Ainsworth et al. 2023).</summary>
sealed class GitRebasin : IMergeMethod
{
    readonly IMergeMethod _mean = new Linear();

    public string Name => "git_rebasin";

    public int LeastSources => 2;

    public IReadOnlyList<MergeParameter> Shared => _mean.Shared;

    public IReadOnlyList<MergeParameter> PerSource { get; } = [new("weight", 1)];

    public string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) => _mean.Fault(shared, sources, dialect, strict);

    public IEnumerable<string> FaultsOf(IReadOnlyList<MergeModel> models) => Alignment.Faults(Name, models);

    public IPreparation Prepare(PreparationInputs inputs) => new WeightMatching(inputs);

    public void Run(MergeTensors tensors, float[] result) => _mean.Run(tensors, result);
}
