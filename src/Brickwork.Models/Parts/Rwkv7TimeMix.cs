using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Elementwise;
using Brickwork.Models.Running;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>RWKV-7's token mixer: linear attention that fades by key and takes back what it knew of one (Peng et al. 2025).</summary>
/// <remarks>T rows, D width = H heads of K values.</remarks>
sealed record Rwkv7TimeMix : IStateful
{
    /// <summary>−e^(−1/2): a key fades to e^(−0.607) of itself at most, as published.</summary>
    const float DecayScale = -0.606531f;

    /// <summary>The key under which the first layer leaves its values for the later ones.</summary>
    static readonly object FirstValues = new();

    /// <summary>[T, D] → [6*T, D]: what receptance, decay, key, value, rate and gate see.</summary>
    public required IPart Shift { get; init; }

    public required IPart Receptance { get; init; }     // [T, D] -> [T, D]

    public required IPart Decay { get; init; }          // [T, D] -> [T, D]

    public required IPart Key { get; init; }            // [T, D] -> [T, D]

    public required IPart Value { get; init; }          // [T, D] -> [T, D]

    public required IPart Rate { get; init; }           // [T, D] -> [T, D]

    public required IPart Gate { get; init; }           // [T, D] -> [T, D]

    public required IPart Output { get; init; }         // [T, D] -> [T, D]

    /// <summary>How much of the first layer's values is taken, [T, D] → [T, D]; null in the first layer.</summary>
    public IPart? ValueMix { get; init; }

    /// <summary>The norm within each head.</summary>
    public required IPart Norm { get; init; }

    /// <summary>[D], scales keys before what they stand for is taken back.</summary>
    public required Tensor RemovalScale { get; init; }

    /// <summary>[D], how far the rate changes what is written.</summary>
    public required Tensor RateScale { get; init; }

    /// <summary>[D], the weight of the row's own value.</summary>
    public required Tensor Bonus { get; init; }

    public required int HeadWidth { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("shift", Shift, part => this with { Shift = part }),
        new("receptance", Receptance, part => this with { Receptance = part }),
        new("decay", Decay, part => this with { Decay = part }),
        new("key", Key, part => this with { Key = part }),
        new("value", Value, part => this with { Value = part }),
        new("rate", Rate, part => this with { Rate = part }),
        new("gate", Gate, part => this with { Gate = part }),
        new("norm", Norm, part => this with { Norm = part }),
        new("output", Output, part => this with { Output = part }),
        .. Slot.Optional("valueMix", ValueMix, part => this with { ValueMix = part }),
    ];

    int Heads => (int)Bonus.Shape.Count / HeadWidth;

    public SequenceState CreateState(StateFactory factory) => new RecurrentState((long)Heads * HeadWidth * HeadWidth);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var (mixed, rows) = (Shift.Forward(input, context), input.Rows);
        Tensor Seen(int mix) => mixed.SliceRows(mix * rows, rows);
        var receptance = Receptance.Forward(Seen(0), context);
        var decay = Decays(Seen(1), context);
        var key = Key.Forward(Seen(2), context);
        var value = Values(Seen(3), context);
        var rate = Activated(Rate, ActivationKind.Sigmoid, Seen(4), context);
        var removal = Removal(key, context);
        Rewrite(key, rate, context);
        Multiply.Run(context.Compute, rate, removal);
        var output = context.Take(rows, input.Columns);
        TimeScan.Run(context, this, Heads, HeadWidth * HeadWidth,
            new Recurrence(context.Compute.InstructionSet, HeadWidth, receptance, decay, key, value, removal, rate, output));
        output = Norm.Forward(output, context);
        AddBonus(context.Compute.InstructionSet, receptance, key, value, output);
        Multiply.Run(context.Compute, output, Gate.Forward(Seen(5), context));
        return Output.Forward(output, context);
    }

    Tensor Decays(Tensor seen, ForwardContext context)
    {
        var decay = Activated(Decay, ActivationKind.Sigmoid, seen, context);
        Scale.Run(context.Compute, decay, DecayScale);
        Activation.Run(context.Compute, ActivationKind.Exp, decay, null, decay);
        return decay;
    }

    static Tensor Activated(IPart part, ActivationKind kind, Tensor seen, ForwardContext context)
    {
        var values = part.Forward(seen, context);
        Activation.Run(context.Compute, kind, values, null, values);
        return values;
    }

    /// <summary>Values, drawn towards those of the first layer.</summary>
    Tensor Values(Tensor seen, ForwardContext context)
    {
        var value = Value.Forward(seen, context);
        if (ValueMix is null)
        {
            var kept = context.TakeLasting(value.Rows, value.Columns);
            value.Floats.CopyTo(kept.Floats);
            context.Leave(FirstValues, kept);
            return value;
        }
        var share = Activated(ValueMix, ActivationKind.Sigmoid, seen, context);
        var first = context.Left(FirstValues);
        var from = value.Floats;
        var to = first.Floats;
        var by = share.Floats;
        for (var index = 0; index < from.Length; index++)
            from[index] += (to[index] - from[index]) * by[index];
        return value;
    }

    /// <summary>The direction that is taken back: the scaled key of each head, of length 1.</summary>
    Tensor Removal(Tensor key, ForwardContext context)
    {
        var removal = context.Take(key.Rows, key.Columns);
        key.Floats.CopyTo(removal.Floats);
        Multiply.Run(context.Compute, removal, RemovalScale);
        var heads = removal.Reshape((long)key.Rows * Heads, HeadWidth);
        L2Normalize.Run(context.Compute, heads, 1e-12f, heads);
        return removal;
    }

    /// <summary>key ← key + (rate − 1) · RateScale · key.</summary>
    void Rewrite(Tensor key, Tensor rate, ForwardContext context)
    {
        using var scope = context.Arena.Mark();
        var scaled = context.Take(key.Rows, key.Columns);
        key.Floats.CopyTo(scaled.Floats);
        Multiply.Run(context.Compute, scaled, RateScale);
        var target = key.Floats;
        var part = scaled.Floats;
        var by = rate.Floats;
        for (var index = 0; index < target.Length; index++)
            target[index] += by[index] * part[index] - part[index];
    }

    /// <summary>Each head's own value, weighed by how well its key answers its receptance.</summary>
    void AddBonus(InstructionSet path, Tensor receptance, Tensor key, Tensor value, Tensor output)
    {
        var bonus = Bonus.Floats;
        for (var row = 0; row < output.Rows; row++)
            for (var first = 0; first < output.Columns; first += HeadWidth)
            {
                var r = receptance.Row(row).Slice(first, HeadWidth);
                var k = key.Row(row).Slice(first, HeadWidth);
                var weight = 0f;
                for (var index = 0; index < HeadWidth; index++)
                    weight += k[index] * r[index] * bonus[first + index];
                ElementwiseKernel.AddScaled(
                    path, value.Row(row).Slice(first, HeadWidth), weight, output.Row(row).Slice(first, HeadWidth));
            }
    }

    readonly struct Recurrence(
        InstructionSet path, int width, Tensor receptance, Tensor decay, Tensor key, Tensor value,
        Tensor removal, Tensor rated, Tensor output)
        : IRecurrence
    {
        public void Step(int row, int lane, Span<float> memory)
        {
            var first = lane * width;
            var y = output.Row(row).Slice(first, width);
            var held = new AssociativeMemory(path, memory, width);
            held.Recall(removal.Row(row).Slice(first, width), y);
            ElementwiseKernel.Scale(path, y, -1, y);
            held.Fade(decay.Row(row).Slice(first, width));
            held.Write(key.Row(row).Slice(first, width), value.Row(row).Slice(first, width));
            held.Write(rated.Row(row).Slice(first, width), y);
            held.Recall(receptance.Row(row).Slice(first, width), y);
        }
    }
}
