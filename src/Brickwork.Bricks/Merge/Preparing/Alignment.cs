using System.Collections.Concurrent;
using Brickwork.Bricks.Merge.Planning;
using Brickwork.Models.HuggingFace;

namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>What may be renumbered inside a layer without a change of what it computes.</summary>
enum LayerAxis
{
    /// <summary>Hidden values of the feed-forward part.</summary>
    Neurons,

    /// <summary>Heads of queries.</summary>
    Queries,

    /// <summary>Heads of keys and values.</summary>
    Keys,
}

/// <summary>How each input's axes are renumbered so that equal numbers mean the like.</summary>
/// <remarks>Layers are independent of each other, because what stands between them keeps its order; each is aligned once, when its first tensor is merged.</remarks>
abstract class Alignment(PreparationInputs inputs) : IPreparation
{
    readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<IReadOnlyDictionary<LayerAxis, Mixing>>>> _layers = new(StringComparer.Ordinal);

    public abstract long Bytes { get; }

    protected PreparationInputs Inputs => inputs;

    public MergeSource Prepare(PlannedTensor planned, PlannedInput input, MergeSource source)
    {
        var place = TensorPlace.Of(input.Tensor.Name);
        if (place.Layer is null || planned.Inputs.Count < 2 || AxisOf(place.Rest) is not { } axis)
            return source;
        var aligned = _layers.GetOrAdd(KeyOf(planned), _ => new(() => Align(planned)))
            .Value[planned.Inputs.ToList().IndexOf(input)].GetValueOrDefault(axis.Axis);
        if (aligned is null)
            return source;
        var columns = input.Tensor.Shape.Rank > 1 ? input.Tensor.Shape.Columns : 1;
        var size = axis.IsColumns ? columns : source.Values.Length / columns;
        if (size % aligned.Members.Length != 0)
            throw new CheckpointException($"Tensor '{input.Tensor.Name}' in {input.Model.Reference} is {input.Tensor.Shape}, which is no multiple of {aligned.Members.Length} {axis.Axis.ToString().ToLowerInvariant()}.", "Leave this model out.");
        var mixing = size == aligned.Members.Length ? aligned : aligned.Widened(size / aligned.Members.Length);
        return source with { Stored = axis.IsColumns ? mixing.OfColumns(source.Values, columns) : mixing.OfRows(source.Values, columns) };
    }

    /// <summary>The new axes of each input.</summary>
    protected abstract IReadOnlyList<IReadOnlyDictionary<LayerAxis, Mixing>> Align(IReadOnlyList<LayerTensors> layers);

    /// <summary>Which axis of a layer's tensor is which; null = none of them.</summary>
    static (LayerAxis Axis, bool IsColumns)? AxisOf(string rest) => rest switch
    {
        "ffn_gate.weight" or "ffn_up.weight" or "ffn_gate.bias" or "ffn_up.bias" => (LayerAxis.Neurons, false),
        "ffn_down.weight" => (LayerAxis.Neurons, true),
        "attn_q.weight" or "attn_q.bias" => (LayerAxis.Queries, false),
        "attn_output.weight" => (LayerAxis.Queries, true),
        "attn_k.weight" or "attn_v.weight" or "attn_k.bias" or "attn_v.bias" => (LayerAxis.Keys, false),
        _ => null,
    };

    /// <summary>What else may stand in a layer: of one value for each value of the width, or of any head.</summary>
    static bool IsUntouched(MergeModel model, TensorInfo tensor, string rest) => rest switch
    {
        "attn_output.bias" or "ffn_down.bias" => true,
        // Norms over all heads at once have values of each.
        "attn_q_norm.weight" or "attn_k_norm.weight" => tensor.Shape.Count == new CanonicalModel(model.Architecture, model.Checkpoint.Metadata).KeyWidth,
        _ => rest.Contains("norm", StringComparison.Ordinal),
    };

    static string KeyOf(PlannedTensor planned) => string.Join('|', planned.Inputs.Select(input => FormattableString.Invariant($"{input.Model.Index}:{TensorPlace.Of(input.Tensor.Name).Layer}")));

    IReadOnlyList<IReadOnlyDictionary<LayerAxis, Mixing>> Align(PlannedTensor planned) =>
        Align([.. planned.Inputs.Select(input => new LayerTensors(input.Model, TensorPlace.Of(input.Tensor.Name).Layer!.Value, planned.Shared))]);

    /// <summary>What is wrong with a model whose layers hold something that would have to be renumbered, too.</summary>
    public static IEnumerable<string> Faults(string method, IEnumerable<MergeModel> models) =>
        from model in models
        from tensor in model.Tensors
        let place = TensorPlace.Of(tensor.Name)
        where place.Layer is not null && AxisOf(place.Rest) is null && !IsUntouched(model, tensor, place.Rest)
        group tensor.Name by model into found
        select $"{method} renumbers neurons and heads of plain layers; {found.Key.Reference} has '{found.First()}', which it does not know.";
}

/// <summary>One layer of one input.</summary>
sealed class LayerTensors(MergeModel model, int layer, ParameterValues shared)
{
    readonly CanonicalModel _sizes = new(model.Architecture, model.Checkpoint.Metadata);

    public MergeModel Model => model;

    public int Layer => layer;

    public ParameterValues Shared => shared;

    public int Heads => _sizes.Heads(layer);

    public int KvHeads => _sizes.KvHeads(layer);

    /// <summary>The columns of a tensor; null where the layer has none.</summary>
    public int? ColumnsOf(string rest) => model.Find(TensorPlace.In(layer, rest))?.Shape.Columns;

    /// <summary>The values of a tensor and their columns; null where the layer has none.</summary>
    public (float[] Values, int Columns)? Find(string rest) => model.Find(TensorPlace.In(layer, rest)) is not { } info ? null
        : (TensorRows.Read(model.Checkpoint.Open(info.Name), info.Name, model.Reference, team: null), info.Shape.Rank > 1 ? info.Shape.Columns : 1);
}
