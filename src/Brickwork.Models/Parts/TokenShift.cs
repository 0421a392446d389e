using Brickwork.Kernels.Elementwise;
using Brickwork.Models.Running;

namespace Brickwork.Models.Parts;

/// <summary>Each row mixed with the one before it in its sequence: x + (previous − x) ⊙ mix, for M mixes at once (RWKV-7).</summary>
/// <param name="Mix">[M, D].</param>
/// <remarks>[T, D] → [M*T, D]: mix m of row t stands in row m·T + t.</remarks>
sealed record TokenShift(Tensor Mix) : IStateful
{
    public SequenceState CreateState(StateFactory factory) => new RecurrentState(Mix.Columns);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = context.Take(Mix.Rows * input.Rows, input.Columns);
        using var scope = context.Arena.Mark();
        var step = context.Take(1, input.Columns).Floats;
        foreach (var segment in context.Rows.Segments)
        {
            var state = context.State<RecurrentState>(this, segment);
            for (var row = segment.FirstRow; row < segment.FirstRow + segment.Count; row++)
            {
                var previous = row == segment.FirstRow ? state.Values.Floats : input.Row(row - 1);
                MixRow(context.Compute.InstructionSet, input, row, previous, step, output);
            }
            input.Row(segment.FirstRow + segment.Count - 1).CopyTo(state.Values.Floats);
            state.Position += segment.Count;
        }
        return output;
    }

    void MixRow(InstructionSet path, Tensor input, int row, ReadOnlySpan<float> previous, Span<float> step, Tensor output)
    {
        var current = input.Row(row);
        previous.CopyTo(step);
        ElementwiseKernel.AddScaled(path, current, -1, step);
        for (var mix = 0; mix < Mix.Rows; mix++)
        {
            var mixed = output.Row(mix * input.Rows + row);
            current.CopyTo(mixed);
            ElementwiseKernel.MultiplyAdd(path, step, Mix.Row(mix), mixed);
        }
    }
}
