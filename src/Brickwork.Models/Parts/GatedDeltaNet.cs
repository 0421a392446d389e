using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Elementwise;
using Brickwork.Models.Running;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>Linear attention that fades and then corrects what it remembers by the difference to the new value (Yang et al. 2025).</summary>
/// <remarks>T rows, D width, G key heads of K values, H value heads of U values; value head h uses key head h mod G.</remarks>
sealed record GatedDeltaNet : IStateful
{
    public required IPart Input { get; init; }          // [T, D] -> [T, 2*G*K + H*U], queries, keys, values

    public required IPart Gate { get; init; }           // [T, D] -> [T, H*U]

    public required IPart TimeStep { get; init; }       // [T, D] -> [T, H], before the softplus

    public required IPart Rate { get; init; }           // [T, D] -> [T, H], before the sigmoid

    public required IPart Convolution { get; init; }    // [T, 2*G*K + H*U] -> the same

    /// <summary>Norm of each head's output.</summary>
    public required IPart Norm { get; init; }

    public required IPart Output { get; init; }         // [T, H*U] -> [T, D]

    /// <summary>[H], the negative rate at which each head fades.</summary>
    public required Tensor Decay { get; init; }

    public required int KeyHeads { get; init; }

    public required int KeyWidth { get; init; }

    public required int ValueWidth { get; init; }

    /// <summary>The smallest length that queries and keys are divided by.</summary>
    public required float Epsilon { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("input", Input, part => this with { Input = part }),
        new("gate", Gate, part => this with { Gate = part }),
        new("timeStep", TimeStep, part => this with { TimeStep = part }),
        new("rate", Rate, part => this with { Rate = part }),
        new("convolution", Convolution, part => this with { Convolution = part }),
        new("norm", Norm, part => this with { Norm = part }),
        new("output", Output, part => this with { Output = part }),
    ];

    int Heads => (int)Decay.Shape.Count;

    public SequenceState CreateState(StateFactory factory) => new RecurrentState((long)Heads * KeyWidth * ValueWidth);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        Tensor mixed, gate, step, rate;
        using (context.Share(input))
        {
            (mixed, gate) = (Input.Forward(input, context), Gate.Forward(input, context));
            (step, rate) = (TimeStep.Forward(input, context), Rate.Forward(input, context));
        }
        mixed = Convolution.Forward(mixed, context);
        Activation.Run(context.Compute, ActivationKind.Silu, mixed, null, mixed);
        Activation.Run(context.Compute, ActivationKind.Softplus, step, null, step);
        Activation.Run(context.Compute, ActivationKind.Sigmoid, rate, null, rate);
        var output = Norm.Forward(Scan(mixed, step, rate, context), context);
        Activation.Run(context.Compute, ActivationKind.Silu, gate, output, output);
        return Output.Forward(output, context);
    }

    Tensor Scan(Tensor mixed, Tensor step, Tensor rate, ForwardContext context)
    {
        var queries = Unit(mixed, 0, context);
        Scale.Run(context.Compute, queries, 1 / MathF.Sqrt(KeyWidth));
        var keys = Unit(mixed, KeyHeads * KeyWidth, context);
        var output = context.Take(mixed.Rows, Heads * ValueWidth);
        TimeScan.Run(context, this, Heads, KeyWidth * ValueWidth,
            new Recurrence(this, context.Compute.InstructionSet, queries, keys, mixed, step, rate, output));
        return output;
    }

    /// <summary>The G heads of K values from column <paramref name="first"/> on, each of length 1.</summary>
    Tensor Unit(Tensor mixed, int first, ForwardContext context)
    {
        var heads = context.ChooseColumns(mixed, first, KeyHeads * KeyWidth);
        var each = heads.Reshape((long)heads.Rows * KeyHeads, KeyWidth);
        L2Normalize.Run(context.Compute, each, Epsilon, each);
        return heads;
    }

    readonly struct Recurrence(
        GatedDeltaNet net, InstructionSet path, Tensor queries, Tensor keys, Tensor mixed, Tensor step, Tensor rate, Tensor output)
        : IRecurrence
    {
        public void Step(int row, int lane, Span<float> memory)
        {
            var (keyWidth, width) = (net.KeyWidth, net.ValueWidth);
            var keyAt = lane % net.KeyHeads * keyWidth;
            var query = queries.Row(row).Slice(keyAt, keyWidth);
            var key = keys.Row(row).Slice(keyAt, keyWidth);
            var value = mixed.Row(row).Slice(2 * net.KeyHeads * keyWidth + lane * width, width);
            var y = output.Row(row).Slice(lane * width, width);
            var held = new AssociativeMemory(path, memory, width);
            held.Fade(MathF.Exp(step.Row(row)[lane] * net.Decay.Floats[lane]));
            held.Recall(key, y);
            ElementwiseKernel.Scale(path, y, -1, y);
            ElementwiseKernel.Add(path, value, y, y);
            ElementwiseKernel.Scale(path, y, rate.Row(row)[lane], y);   // what the memory lacks of the value
            held.Write(key, y);
            held.Recall(query, y);
        }
    }
}
