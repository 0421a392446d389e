using Brickwork.Bricks.Weights;
using Brickwork.Formats;
using Brickwork.Kernels.Threading;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>The result of a merge as a checkpoint: each tensor is made when it is opened, so that memory holds one tensor of each input.</summary>
/// <remarks>Keeps the last tensor it made. What it makes depends neither on the order of asking nor on threads.</remarks>
sealed class MergedCheckpoint : Checkpoint
{
    readonly DocumentPlan _plan;
    readonly MergeOptions _options;
    readonly Dictionary<string, PlannedTensor> _tensors;
    readonly ThreadTeam _team;
    readonly long _seed;
    (string Name, Tensor Tensor)? _last;
    int _holders = 1;

    public MergedCheckpoint(DocumentPlan plan, MergeRecipe recipe, MergeOptions options)
    {
        (_plan, _options, Source) = (plan, options, recipe.Source);
        _tensors = plan.Tensors.ToDictionary(tensor => tensor.Info.Name, StringComparer.Ordinal);
        _team = new ThreadTeam(options.Threads ?? Environment.ProcessorCount);
        _seed = options.Seed ?? plan.Document.Seed;
        Metadata = MergedMetadata.Of(plan, recipe);
        Tensors = [.. plan.Tensors.Select(tensor => tensor.Info with { Type = StoredType(tensor.Info) })];
    }

    public override string Source { get; }

    public override Metadata Metadata { get; }

    public override IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>What it is made by.</summary>
    public DocumentPlan Plan => _plan;

    internal override IReadOnlyList<string> Files => [.. _plan.Models.SelectMany(model => model.Checkpoint.Files)];

    /// <summary>The same for one more document, which disposes it as well; the last one closes it.</summary>
    public MergedCheckpoint Share()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public override bool Contains(string name) => _tensors.ContainsKey(name);

    public override Tensor Open(string name)
    {
        if (_last is { } last && last.Name == name)
            return last.Tensor;
        if (!_tensors.TryGetValue(name, out var planned))
            throw new CheckpointException($"Tensor '{name}' is not made by {Source}; it makes {_tensors.Count} tensors.", "Look at them: brick merge RECIPE OUT --plan-only");
        _options.CancellationToken.ThrowIfCancellationRequested();
        _last = null;
        var tensor = Make(planned);
        Release(planned);
        _last = (name, tensor);
        return tensor;
    }

    internal override ITensorStream? Stream(string name) =>
        _tensors.TryGetValue(name, out var planned) && planned is { IsLessOne: false, Method: IStreamedMethod method } ? Stream(planned, method) : null;

    protected override void Dispose(bool disposing)
    {
        if (!disposing || Interlocked.Decrement(ref _holders) != 0)
            return;
        _last = null;
        _team.Dispose();
        _plan.Dispose();
    }

    /// <summary>Values that will be converted anyway stay F32 until then: they are rounded once.</summary>
    DType StoredType(TensorInfo info) => _plan.Document.OutputType is null || info.Type is DType.I8 or DType.I16 or DType.I32 or DType.I64 ? info.Type : DType.F32;

    Tensor Make(PlannedTensor planned)
    {
        if (planned.Method is not { } method)
            return Copy(planned.Read.First());
        var info = planned.Info with { Type = StoredType(planned.Info) };
        var result = new float[planned.Info.Shape.Count];
        var tensors = Inputs(planned);
        // Where too few inputs have the tensor, the first is what there is.
        if (tensors.Sources.Count < method.LeastSources)
            tensors.Sources[0].Values.CopyTo(result, 0);
        else
            method.Run(tensors, result);
        if (planned.IsLessOne)
            Shift(result, 1);
        return TensorRows.Write(info, result, _team, Source);
    }

    MergedStream Stream(PlannedTensor planned, IStreamedMethod method)
    {
        var tensors = Inputs(planned);
        StretchMerge merge = tensors.Sources.Count < method.LeastSources ? (stretch, result) => stretch[0].CopyTo(result) : method.Begin(tensors);
        return new MergedStream(tensors, merge, () => Release(planned));
    }

    MergeTensors Inputs(PlannedTensor planned) => new()
    {
        Name = planned.Info.Name,
        Shape = planned.Info.Shape,
        Origin = planned.Base is { } origin ? Load(planned, origin) : null,
        Sources = [.. planned.Inputs.Select(input => Prepared(planned, input))],
        Shared = planned.Shared,
        Dialect = _options.Dialect,
        Strict = _options.StrictCompatibility,
        Seed = _seed,
        Team = _team,
    };

    MergeSource Prepared(PlannedTensor planned, PlannedInput input)
    {
        var source = new MergeSource(input.Model.Index, Load(planned, input), input.Parameters);
        return _plan.Preparation?.Prepare(planned, input, source) ?? source;
    }

    // The result may outlive the files.
    static Tensor Copy(PlannedInput input) => input.Model.Checkpoint.Open(input.Tensor.Name).Copy();

    TensorValues Load(PlannedTensor planned, PlannedInput input) => planned.Load(input, Load);

    TensorValues Load(MergeModel model, TensorInfo tensor)
    {
        var values = TensorValues.Of(model.Rows(tensor), tensor.Name, model.Reference, _team);
        return model.IsLessOne(tensor.Name) ? Shift(values.Whole, -1) : values;
    }

    static float[] Shift(float[] values, float by)
    {
        foreach (ref var value in values.AsSpan())
            value += by;
        return values;
    }

    /// <summary>What was read will not be needed again.</summary>
    static void Release(PlannedTensor planned)
    {
        foreach (var input in planned.Read)
            switch (input.Model.Checkpoint)
            {
                case HuggingFaceCheckpoint folder:
                    folder.Forget(input.Tensor.Name);
                    break;
                case MergedCheckpoint or MemoryCheckpoint or BrickCheckpoint:
                    break;
                case var files:
                    files.Open(input.Tensor.Name).ReleasePages();
                    break;
            }
    }
}
