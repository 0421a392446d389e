using Brickwork.Bricks.Route;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.Operations;

namespace Brickwork;

/// <summary>Chooses by where the change of each LoRA brick looks: |x·v|, v the first right singular vector of BA (Arrow, Ostapenko et al. 2024).</summary>
/// <remarks>It needs no data and no training. The sign of a singular vector means nothing, hence the absolute value.</remarks>
public sealed class ArrowRouter : IRouter
{
    readonly Dictionary<SlotPath, Tensor> _prototypes;

    ArrowRouter(IReadOnlyList<string> bricks, Dictionary<SlotPath, Tensor> prototypes) => (Bricks, _prototypes) = (bricks, prototypes);

    /// <inheritdoc/>
    public IReadOnlyList<string> Bricks { get; }

    /// <summary>Finds the directions of LoRA bricks.</summary>
    /// <param name="model">The model they are for.</param>
    /// <param name="bricks">LoRA of projections.</param>
    /// <exception cref="CheckpointException">A brick does not fit the model.</exception>
    /// <exception cref="UnsupportedModelException">A brick has parts that are no LoRA of projections, which have no such direction.</exception>
    public static ArrowRouter Of(LanguageModel model, IReadOnlyList<Brick> bricks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(bricks);
        var prototypes = new Dictionary<SlotPath, Tensor>();
        foreach (var slot in RoutedParts.Of(model, bricks))
        {
            var rows = default(Tensor);
            foreach (var (index, _, part) in slot)
            {
                var lora = part is LoraLinear { Start: null } low ? low : throw new UnsupportedModelException(
                    $"Brick '{bricks[index].Id}' has no singular vectors in slot '{slot.Key}': it is of the kind {bricks[index].Kind}; Arrow takes LoRA.", "Choose another router.");
                if (rows.Shape.Rank != 2)
                    rows = Tensor.Zeros(bricks.Count, lora.Down.Columns);
                new Tensors.LinearAlgebra.Matrix(1, rows.Columns, Spectrum.Prototype(lora)).CopyTo(rows.SliceRows(index, 1));
            }
            prototypes[slot.First().Name] = rows;
        }
        return new ArrowRouter([.. bricks.Select(brick => brick.Id)], prototypes);
    }

    /// <inheritdoc/>
    public void Score(SlotPath slot, Tensor rows, Compute compute, Tensor scores)
    {
        MatMul.Run(compute, rows, _prototypes[slot], scores);
        foreach (ref var score in scores.Floats)
            score = Math.Abs(score);
    }
}
