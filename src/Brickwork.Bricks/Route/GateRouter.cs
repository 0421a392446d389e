using Brickwork.Bricks.Plug;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.Operations;

namespace Brickwork;

/// <summary>Chooses by gates that were trained brick by brick: v̂·x̂/√n of the standardized gate and row (PHATGOOSE, Muqeeth et al. 2024, section 3.2).</summary>
/// <remarks>Standardized: less their mean, over their standard deviation, so that gates trained apart can be compared. The paper chooses the best two.</remarks>
public sealed class GateRouter : IRouter
{
    readonly Dictionary<SlotPath, Tensor> _gates;

    GateRouter(IReadOnlyList<string> bricks, Dictionary<SlotPath, Tensor> gates) => (Bricks, _gates) = (bricks, gates);

    /// <inheritdoc/>
    public IReadOnlyList<string> Bricks { get; }

    /// <summary>Takes the gates of bricks.</summary>
    /// <exception cref="RecipeException">A brick has none.</exception>
    /// <exception cref="CheckpointException">A brick does not fit the model.</exception>
    public static GateRouter Of(LanguageModel model, IReadOnlyList<Brick> bricks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(bricks);
        var (gates, targets) = (new Dictionary<SlotPath, Tensor>(), new TargetIndex(model));
        foreach (var (index, brick) in bricks.Index())
            foreach (var part in new BrickParts(brick, model).Plan())
            {
                var (lora, slot) = (BrickGates.Lora(model, brick, part), Adapter.PlainName(part.Slot));
                var name = BrickGates.NameOf(targets, part);
                if (!brick.Tensors.ContainsKey(name))
                    throw new RecipeException($"Brick '{brick.Id}' has no gate in slot '{slot}'.", "Train its gates: brick route FOLDER --router gates --examples ID=FILE --out FOLDER; or choose another router: arrow needs none.");
                if (!gates.TryGetValue(slot, out var rows))
                    gates[slot] = rows = Tensor.Zeros(bricks.Count, lora.Down.Columns);
                Standardize(brick.Vector(name, rows.Columns).Floats, rows.Row(index));
            }
        return new GateRouter([.. bricks.Select(brick => brick.Id)], gates);
    }

    /// <inheritdoc/>
    public void Score(SlotPath slot, Tensor rows, Compute compute, Tensor scores)
    {
        var gates = _gates[slot];
        MatMul.Run(compute, rows, gates, scores);
        // A standardized gate sums to 0, so that the mean of the row falls away and its deviation is a factor.
        for (var row = 0; row < rows.Rows; row++)
        {
            var deviation = Deviation(rows.Row(row), out _);
            foreach (ref var score in scores.Row(row))
                score = deviation > 0 ? (float)(score / (deviation * Math.Sqrt(rows.Columns))) : 0;
        }
    }

    static void Standardize(ReadOnlySpan<float> values, Span<float> result)
    {
        var deviation = Deviation(values, out var mean);
        for (var index = 0; index < values.Length; index++)
            result[index] = deviation > 0 ? (float)((values[index] - mean) / deviation) : 0;
    }

    static double Deviation(ReadOnlySpan<float> values, out double mean)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in values)
            sum += value;
        mean = sum / values.Length;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / values.Length);
    }
}
