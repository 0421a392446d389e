using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Elementwise;
using Brickwork.Models.Running;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>A state space whose heads fade as a whole, so that it is a form of linear attention (Dao &amp; Gu 2024).</summary>
/// <remarks>T rows, D width, H heads of U values, G groups of heads that share keys of N values.</remarks>
sealed record Mamba2Mixer : IStateful
{
    public required IPart Gate { get; init; }           // [T, D] -> [T, H*U]

    public required IPart Input { get; init; }          // [T, D] -> [T, H*U + 2*G*N], values, write keys, read keys

    public required IPart TimeStep { get; init; }       // [T, D] -> [T, H], before the softplus

    public required IPart Convolution { get; init; }    // [T, H*U + 2*G*N] -> the same

    /// <summary>Norm of the gated values, by group; null = none.</summary>
    public IPart? Norm { get; init; }

    public required IPart Output { get; init; }         // [T, H*U] -> [T, D]

    /// <summary>[H], the negative rate at which each head fades, "A".</summary>
    public required Tensor Decay { get; init; }

    /// <summary>[H], the share of the input that passes by the memory, "D".</summary>
    public required Tensor Skip { get; init; }

    public required int Groups { get; init; }

    public required int KeyWidth { get; init; }

    public required int ValueWidth { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("gate", Gate, part => this with { Gate = part }),
        new("input", Input, part => this with { Input = part }),
        new("timeStep", TimeStep, part => this with { TimeStep = part }),
        new("convolution", Convolution, part => this with { Convolution = part }),
        .. Slot.Optional("norm", Norm, part => this with { Norm = part }),
        new("output", Output, part => this with { Output = part }),
    ];

    int Heads => (int)Decay.Shape.Count;

    public SequenceState CreateState(StateFactory factory) => new RecurrentState((long)Heads * KeyWidth * ValueWidth);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        Tensor gate, mixed, step;
        using (context.Share(input))
            (gate, mixed, step) = (Gate.Forward(input, context), Input.Forward(input, context), TimeStep.Forward(input, context));
        mixed = Convolution.Forward(mixed, context);
        Activation.Run(context.Compute, ActivationKind.Silu, mixed, null, mixed);
        Activation.Run(context.Compute, ActivationKind.Softplus, step, null, step);
        var output = context.Take(input.Rows, Heads * ValueWidth);
        TimeScan.Run(context, this, Heads, KeyWidth * ValueWidth,
            new Recurrence(this, context.Compute.InstructionSet, mixed, step, output));
        Activation.Run(context.Compute, ActivationKind.Silu, gate, output, output);
        return Output.Forward(Norm?.Forward(output, context) ?? output, context);
    }

    readonly struct Recurrence(Mamba2Mixer mixer, InstructionSet path, Tensor mixed, Tensor step, Tensor output) : IRecurrence
    {
        public void Step(int row, int lane, Span<float> memory)
        {
            var (heads, keys, width) = (mixer.Heads, mixer.KeyWidth, mixer.ValueWidth);
            var keysAt = heads * width + lane / (heads / mixer.Groups) * keys;
            var line = mixed.Row(row);
            var x = line.Slice(lane * width, width);
            var write = line.Slice(keysAt, keys);
            var read = line.Slice(keysAt + mixer.Groups * keys, keys);
            var y = output.Row(row).Slice(lane * width, width);
            var time = step.Row(row)[lane];
            var held = new AssociativeMemory(path, memory, width);
            held.Fade(MathF.Exp(time * mixer.Decay.Floats[lane]));
            ElementwiseKernel.Scale(path, x, time, y);
            held.Write(write, y);
            held.Recall(read, y);
            ElementwiseKernel.AddScaled(path, x, mixer.Skip.Floats[lane], y);
        }
    }
}
