using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Elementwise;
using Brickwork.Models.Running;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>A selective state space: the input decides how each channel's memory of N values fades and fills (Gu &amp; Dao 2023).</summary>
/// <remarks>T rows, D width, C channels, N values of a channel's memory.</remarks>
sealed record MambaMixer : IStateful
{
    const int LaneChannels = 128;

    public required IPart Input { get; init; }          // [T, D] -> [T, C]

    public required IPart Gate { get; init; }           // [T, D] -> [T, C]

    public required IPart Convolution { get; init; }    // [T, C] -> [T, C]

    public required IPart TimeStep { get; init; }       // [T, C] -> [T, C], before the softplus

    public required IPart WriteKey { get; init; }       // [T, C] -> [T, N], "B"

    public required IPart ReadKey { get; init; }        // [T, C] -> [T, N], "C"

    public required IPart Output { get; init; }         // [T, C] -> [T, D]

    /// <summary>[N, C], the negative rate at which each value fades, "A".</summary>
    public required Tensor Decay { get; init; }

    /// <summary>[C], the share of the input that passes by the memory, "D".</summary>
    public required Tensor Skip { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("input", Input, part => this with { Input = part }),
        new("gate", Gate, part => this with { Gate = part }),
        new("convolution", Convolution, part => this with { Convolution = part }),
        new("timeStep", TimeStep, part => this with { TimeStep = part }),
        new("writeKey", WriteKey, part => this with { WriteKey = part }),
        new("readKey", ReadKey, part => this with { ReadKey = part }),
        new("output", Output, part => this with { Output = part }),
    ];

    int Channels => Decay.Columns;

    int Lanes => (Channels + LaneChannels - 1) / LaneChannels;

    int LaneFloats => Decay.Rows * LaneChannels;

    public SequenceState CreateState(StateFactory factory) => new RecurrentState((long)Lanes * LaneFloats);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        Tensor values, gate;
        using (context.Share(input))
            (values, gate) = (Input.Forward(input, context), Gate.Forward(input, context));
        values = Convolution.Forward(values, context);
        Activation.Run(context.Compute, ActivationKind.Silu, values, null, values);
        var output = Scan(values, context);                                             // [T, C]
        Activation.Run(context.Compute, ActivationKind.Silu, gate, output, output);
        return Output.Forward(output, context);
    }

    Tensor Scan(Tensor values, ForwardContext context)
    {
        Tensor step, writeKey, readKey;
        using (context.Share(values))
        {
            step = TimeStep.Forward(values, context);
            (writeKey, readKey) = (WriteKey.Forward(values, context), ReadKey.Forward(values, context));
        }
        Activation.Run(context.Compute, ActivationKind.Softplus, step, null, step);
        var output = context.Take(values.Rows, Channels);
        TimeScan.Run(context, this, Lanes, LaneFloats,
            new Recurrence(context.Compute.InstructionSet, values, step, writeKey, readKey, Decay, Skip, output));
        return output;
    }

    readonly struct Recurrence(
        InstructionSet path, Tensor values, Tensor step, Tensor writeKey, Tensor readKey, Tensor decay, Tensor skip, Tensor output)
        : IRecurrence
    {
        public void Step(int row, int lane, Span<float> memory)
        {
            var first = lane * LaneChannels;
            var width = Math.Min(LaneChannels, decay.Columns - first);
            var x = values.Row(row).Slice(first, width);
            var time = step.Row(row).Slice(first, width);
            var y = output.Row(row).Slice(first, width);
            var write = writeKey.Row(row);
            var read = readKey.Row(row);
            Span<float> scratch = stackalloc float[2 * LaneChannels];
            var added = scratch[..width];
            var kept = scratch.Slice(LaneChannels, width);
            ElementwiseKernel.Multiply(path, x, time, added);
            ElementwiseKernel.Multiply(path, x, skip.Floats.Slice(first, width), y);
            for (var n = 0; n < decay.Rows; n++)
            {
                var held = memory.Slice(n * LaneChannels, width);
                ElementwiseKernel.Multiply(path, time, decay.Row(n).Slice(first, width), kept);
                ActivationKernel.Run(path, ActivationKind.Exp, kept, default, 0, kept);
                ElementwiseKernel.Multiply(path, held, kept, held);
                ElementwiseKernel.AddScaled(path, added, write[n], held);
                ElementwiseKernel.AddScaled(path, held, read[n], y);
            }
        }
    }
}
