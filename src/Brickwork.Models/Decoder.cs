using Brickwork.Models.Running;
using Brickwork.Models.Slots;

namespace Brickwork;

/// <summary>A decoder is a list of parts; running it is a loop. T rows, D model width, V vocabulary.</summary>
public sealed record Decoder : IPart
{
    StateMap? _states;

    /// <summary>Turns the pass's tokens into rows: ids → [T, D].</summary>
    public required IPart Embedding { get; init; }

    /// <summary>The layers, first to last: [T, D] → [T, D].</summary>
    public required IReadOnlyList<IPart> Layers { get; init; }

    /// <summary>The norm before the head, if the family has one.</summary>
    public IPart? FinalNorm { get; init; }

    /// <summary>Hidden rows to logits, [N, D] → [N, V]; absent in embedding models.</summary>
    public IPart? Head { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<Slot> Slots =>
    [
        new("embedding", Embedding, part => this with { Embedding = part, _states = null }),
        .. Slot.Each("layers", Layers, parts => this with { Layers = parts, _states = null }),
        .. Slot.Optional("finalNorm", FinalNorm, part => this with { FinalNorm = part, _states = null }),
        .. Slot.Optional("head", Head, part => this with { Head = part, _states = null }),
    ];

    internal StateMap States => _states ??= new StateMap(Layers);

    /// <summary>Runs the pass that <paramref name="context"/> describes.</summary>
    /// <returns>Logits [N, V] of the rows asked for, or their hidden values [N, D] where there is no head.</returns>
    public Tensor Forward(ForwardContext context)
    {
        var hidden = Hidden(context);                                       // [N, D]
        return Head?.Forward(hidden, context) ?? hidden;                    // [N, V]
    }

    /// <summary>Runs the pass up to the head.</summary>
    /// <returns>The hidden values [N, D] of the rows asked for.</returns>
    public Tensor Hidden(ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var hidden = Embedding.Forward(default, context);                   // [T, D]
        for (context.Layer = 0; context.Layer < Layers.Count; context.Layer++)
            hidden = context.RunLayer(Layers[context.Layer], hidden);       // [T, D]
        hidden = context.OutputRows(hidden);
        return FinalNorm?.Forward(hidden, context) ?? hidden;               // [N, D]
    }

    Tensor IPart.Forward(Tensor input, ForwardContext context) => Forward(context);

    /// <summary>What stands in a slot.</summary>
    /// <exception cref="SlotNotFoundException">There is no such slot.</exception>
    public IPart Find(SlotPath slot) => PartTree.Find(this, slot);

    /// <summary>The same decoder with one part replaced; every other part is shared.</summary>
    /// <exception cref="SlotNotFoundException">There is no such slot.</exception>
    public Decoder With(SlotPath slot, IPart part) => (Decoder)PartTree.Replace(this, slot, part);
}
