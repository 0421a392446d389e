using Brickwork.Tensors.Storage;

namespace Brickwork.Models.Loading;

/// <summary>Sends a pass without rows through a new decoder: every step compares its shapes, and no weight is read.</summary>
/// <remarks>Families check what their metadata implies and can name the tensor; this catches what they forgot before the first token does.</remarks>
static class DryRun
{
    /// <exception cref="CheckpointException">Two parts do not fit each other.</exception>
    public static void Check(Decoder decoder, string source)
    {
        // Exact products read weights as they are stored; fast ones would lay them all out anew, which is the first token's matter.
        using var compute = new Compute(threads: 1, precision: Precision.Exact);
        using var arena = new Arena();
        using var lasting = new Arena();
        var context = new ForwardContext(compute, arena, lasting, decoder.States);
        try
        {
            decoder.Forward(context);
        }
        catch (ArgumentException fault)
        {
            throw Faults.DoNotFit(context.Layer < decoder.Layers.Count ? $"layer {context.Layer}" : "the head", source, fault);
        }
    }
}
