using Brickwork.Bricks.Merge.Planning;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.Mixtures;

/// <summary>Dense models as one with experts: each tensor is made when it is opened.</summary>
sealed class MixtureCheckpoint : Checkpoint
{
    public const string Router = "ffn_gate_inp.weight", SharedGate = "ffn_gate_inp_shexp.weight";

    const string Stacked = "_exps.weight", Shared = "_shexp.weight", Plain = ".weight";

    static readonly string[] Forward = ["ffn_gate", "ffn_up", "ffn_down"];

    readonly MixtureDocument _document;
    readonly MergeModel _base;
    readonly IReadOnlyList<MergeModel> _experts;
    readonly MergeModel? _shared;
    readonly MergeOptions _options;
    readonly ThreadTeam _team;
    readonly Lazy<IReadOnlyList<Matrix>> _gates;
    readonly Dictionary<string, TensorInfo> _tensors;

    public MixtureCheckpoint(MixtureDocument document, MixtureModels models, MergeOptions options, string source)
    {
        (_document, _base, _experts, _shared, _options, Source) = (document, models.Base, models.Experts, models.Shared, options, source);
        _team = new ThreadTeam(options.Threads ?? Environment.ProcessorCount);
        _gates = new(() => GateVectors.Of(document, models.Base.Reopen, options));
        Metadata = MixtureMetadata.Of(document, models, source);
        Tensors = [.. _base.Tensors.SelectMany(Made)];
        _tensors = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    public override string Source { get; }

    public override Metadata Metadata { get; }

    public override IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>For each layer the rows of its router.</summary>
    public IReadOnlyList<Matrix> Gates => _gates.Value;

    /// <summary>What a tensor is, in a word.</summary>
    public static string KindOf(string name) => TensorPlace.Of(name).Rest switch
    {
        Router or SharedGate => "router",
        var rest when rest.EndsWith(Stacked, StringComparison.Ordinal) || rest.EndsWith(Shared, StringComparison.Ordinal) => "expert",
        _ => "copy",
    };

    public override bool Contains(string name) => _tensors.ContainsKey(name);

    public override Tensor Open(string name)
    {
        if (!_tensors.TryGetValue(name, out var info))
            throw new CheckpointException($"Tensor '{name}' is not made by {Source}; it makes {_tensors.Count} tensors.", "Look at them: brick merge RECIPE OUT --plan-only");
        _options.CancellationToken.ThrowIfCancellationRequested();
        var place = TensorPlace.Of(name);
        if (place.Layer is not { } layer)
            return OfBase(name);
        if (place.Rest is Router)
            return Rows(Gates[layer], 0, _experts.Count);
        if (place.Rest is SharedGate)
            return Rows(Gates[layer], _experts.Count, 1).Reshape(Gates[layer].Columns);
        if (place.Rest.EndsWith(Stacked, StringComparison.Ordinal))
            return Stack(info, TensorPlace.In(layer, place.Rest[..^Stacked.Length] + Plain));
        if (place.Rest.EndsWith(Shared, StringComparison.Ordinal))
            return Whole(info, TensorPlace.In(layer, place.Rest[..^Shared.Length] + Plain), _shared!, _document.Shared!, _experts.Count);
        return OfBase(name);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _team.Dispose();
    }

    IEnumerable<TensorInfo> Made(TensorInfo info)
    {
        var place = TensorPlace.Of(info.Name);
        if (place.Layer is not { } layer || Forward.FirstOrDefault(name => place.Rest == name + Plain) is not { } stem)
        {
            yield return info;
            yield break;
        }
        if (stem == Forward[0])
            yield return new(TensorPlace.In(layer, Router), DType.F32, new Shape(_experts.Count, info.Shape.Columns));
        yield return new(TensorPlace.In(layer, stem + Stacked), TypeOf(info.Name, _experts, _document.Experts), new Shape(_experts.Count, info.Shape[0], info.Shape.Columns));
        if (_shared is null)
            yield break;
        if (stem == Forward[0])
            yield return new(TensorPlace.In(layer, SharedGate), DType.F32, new Shape(info.Shape.Columns));
        yield return info with { Name = TensorPlace.In(layer, stem + Shared), Type = TypeOf(info.Name, [_shared], [_document.Shared!]) };
    }

    /// <summary>As all store it; F16 where they differ, or where values of blocks are changed.</summary>
    static DType TypeOf(string name, IReadOnlyList<MergeModel> models, IReadOnlyList<MixtureExpert> experts)
    {
        DType[] types = [.. models.Select(model => model.Find(name)!.Value.Type).Distinct()];
        var changes = experts.Any(expert => expert.NoiseScale is not null || expert.ResidualScale is not null);
        return types.Length == 1 && (!changes || types[0] is DType.F32 or DType.F16 or DType.BF16) ? types[0] : types.Contains(DType.F32) ? DType.F32 : DType.F16;
    }

    Tensor OfBase(string name) => TensorRows.Checked(_base.Checkpoint.Open(name), name, _base.Reference, _team);

    Tensor Stack(TensorInfo info, string name)
    {
        var stack = Tensor.Zeros(info.Type, info.Shape);
        var rows = (int)info.Shape[1];
        for (var expert = 0; expert < _experts.Count; expert++)
        {
            var one = Whole(info with { Shape = new Shape(info.Shape[1], info.Shape.Columns) }, name, _experts[expert], _document.Experts[expert], expert);
            for (var row = 0; row < rows; row++)
                one.RowSpan(row, 1).CopyTo(stack.RowSpan(expert * rows + row, 1));
        }
        return stack;
    }

    /// <summary>One expert's tensor in that type, with its noise and its factor.</summary>
    Tensor Whole(TensorInfo info, string name, MergeModel model, MixtureExpert expert, int number)
    {
        var stored = model.Checkpoint.Open(name);
        if (stored.Type == info.Type && expert.NoiseScale is null && expert.ResidualScale is null)
            return TensorRows.Checked(stored, name, model.Reference, _team);
        var values = TensorRows.Read(stored, name, model.Reference, _team);
        var random = new MergeRandom(_options.Seed ?? _document.Seed, "expert noise", number, name);
        var factor = name.EndsWith("ffn_down.weight", StringComparison.Ordinal) ? expert.ResidualScale ?? 1 : 1;
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((values[i] + (expert.NoiseScale is { } noise ? noise * Noise.Of(random, i) : 0)) * factor);
        return TensorRows.Write(info, values, _team, Source);
    }

    static Tensor Rows(Matrix gates, int first, int count)
    {
        var tensor = Tensor.Zeros(count, gates.Columns);
        for (var row = 0; row < count; row++)
            for (var column = 0; column < gates.Columns; column++)
                tensor.Row(row)[column] = (float)gates[first + row, column];
        return tensor;
    }
}
