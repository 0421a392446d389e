using Brickwork.Tensors.Autograd;

namespace Brickwork.Models.Running;

/// <summary>A layer of which a training pass keeps input and output only: it is computed again when its gradient is due.</summary>
/// <remarks>A third more arithmetic for memory that does not grow with the number of layers (Chen et al. 2016).</remarks>
sealed class BlockReplay(IPart layer, int index, Tensor input, Tensor output, ForwardContext context) : IGradient
{
    /// <summary>Runs the layer without remembering what it does.</summary>
    public static Tensor Forward(IPart layer, Tensor input, ForwardContext context)
    {
        var tape = context.Tape!;
        var output = context.Take(input.Rows, input.Columns);
        input.Floats.CopyTo(output.Floats);
        context.Tape = null;
        using (context.Mark())
        {
            var result = layer.Forward(output, context);
            if (!result.IsSameAs(output))
                result.Floats.CopyTo(output.Floats);
        }
        context.Tape = tape;
        tape.Record(output, new BlockReplay(layer, context.Layer, input, output, context));
        return output;
    }

    public void Backward(Tape tape)
    {
        var here = tape.Here();
        context.Layer = index;
        var again = layer.Forward(input, context);
        tape.Gradient(output).Floats.CopyTo(tape.NewGradient(again).Floats);
        tape.Backward(here);
        tape.Forget(here);
    }
}
