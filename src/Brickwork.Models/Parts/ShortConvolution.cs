using Brickwork.Models.Running;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>A convolution over the last few rows of a sequence, every channel by itself: [T, C] → [T, C].</summary>
/// <param name="Kernel">[C, k], the newest row last.</param>
/// <param name="Bias">[C]; null = none.</param>
sealed record ShortConvolution(Tensor Kernel, Tensor? Bias) : IStateful
{
    int Remembered => Kernel.Columns - 1;

    public SequenceState CreateState(StateFactory factory) => new RecurrentState((long)Remembered * Kernel.Rows);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
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
}
