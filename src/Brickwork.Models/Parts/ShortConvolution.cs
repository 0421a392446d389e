using Brickwork.Models.Running;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>A convolution over the last few rows of a sequence, every channel by itself: [T, C] → [T, C].</summary>
/// <param name="Kernel">[C, k], the newest row last.</param>
/// <param name="Bias">[C]; null = none.</param>
sealed record ShortConvolution(Tensor Kernel, Tensor? Bias) : IStateful
{
    public bool HasGradient => true;

    int Remembered => Kernel.Columns - 1;

    public SequenceState CreateState(StateFactory factory) => new RecurrentState((long)Remembered * Kernel.Rows);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        if (context.Rows.Lengths is { } lengths)
            return RunWhole(input, lengths, context);
        var output = context.Take(input.Rows, input.Columns);
        foreach (var segment in context.Rows.Segments)
        {
            var state = context.State<RecurrentState>(this, segment);
            CausalConvolution.Run(
                context.Compute, input.SliceRows(segment.FirstRow, segment.Count), Kernel, Bias,
                state.Values.Reshape(Remembered, Kernel.Rows), output.SliceRows(segment.FirstRow, segment.Count));
            state.Position += segment.Count;
        }
        return output;
    }

    /// <summary>Whole sequences, before each of which there is nothing and of which nothing is remembered.</summary>
    Tensor RunWhole(Tensor input, int[] lengths, ForwardContext context)
    {
        var output = context.Take(input.Rows, input.Columns);
        var state = context.Take(Remembered, Kernel.Rows);
        var first = 0;
        foreach (var length in lengths)
        {
            var (x, y) = (input.SliceRows(first, length), output.SliceRows(first, length));
            state.Floats.Clear();
            CausalConvolution.Run(context.Compute, x, Kernel, Bias, state, y);
            if (context.Tape is { } tape)
                CausalConvolution.Record(tape, x, Kernel, Bias, y);
            first += length;
        }
        return output;
    }
}
