using Brickwork.Bricks.Log;
using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;

namespace Brickwork.Bricks.Route;

/// <summary>The factors of one target of a LoRA brick.</summary>
/// <param name="Down">A, [r, in]; of the embedding [V, r].</param>
/// <param name="Up">B, [out, r].</param>
/// <param name="Factor">s.</param>
sealed record FactorPair(Tensor Down, Tensor Up, float Factor)
{
    public int Rank => Up.Columns;
}

/// <summary>LoRA bricks as pairs of factors, target by target.</summary>
static class FactorTensors
{
    /// <summary>Every target of any of the bricks, in the order in which they come; null where a brick leaves it alone.</summary>
    /// <exception cref="RecipeException">There are no bricks, or one is no plain LoRA.</exception>
    public static OrderedDictionary<string, FactorPair?[]> Of(IReadOnlyList<Brick> bricks)
    {
        if (bricks.Count == 0)
            throw new RecipeException("There are no bricks to add up.", "Name at least one LoRA brick.");
        var targets = new OrderedDictionary<string, FactorPair?[]>(StringComparer.Ordinal);
        for (var index = 0; index < bricks.Count; index++)
            foreach (var (target, pair) in Of(bricks[index]))
            {
                if (!targets.TryGetValue(target, out var pairs))
                    targets.Add(target, pairs = new FactorPair?[bricks.Count]);
                pairs[index] = pair;
            }
        return targets;
    }

    /// <summary>A brick of other factors for these targets.</summary>
    public static Brick Make(string id, IReadOnlyList<Brick> from, IReadOnlyList<LoggedOperation> log, IEnumerable<(string Target, FactorPair Pair)> targets)
    {
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (target, pair) in targets)
        {
            tensors.Add(target + BrickTensors.LoraDown, pair.Down);
            tensors.Add(target + BrickTensors.LoraUp, pair.Up);
            tensors.Add(target + BrickTensors.LoraFactor, Tensor.From([pair.Factor], 1));
        }
        return new Brick(InheritedTerms.Of(new BrickManifest
        {
            Id = id,
            Kind = BrickKind.Lora,
            Slots = [.. from.SelectMany(brick => brick.Manifest.Slots).Distinct()],
            Log = log,
        }, from), tensors);
    }

    static IEnumerable<(string Target, FactorPair Pair)> Of(Brick brick)
    {
        if (brick.Kind != BrickKind.Lora)
            throw new RecipeException($"Brick '{brick.Id}' is of the kind {brick.Kind}; sums are made of LoRA bricks.", RoutedParts.Aside);
        foreach (var name in brick.Tensors.Keys)
        {
            var (target, role) = BrickTensors.Split(name)!.Value;
            if (role is not (BrickTensors.LoraDown or BrickTensors.LoraUp or BrickTensors.LoraFactor or BrickTensors.Gate))
                throw new RecipeException($"Brick '{brick.Id}' holds '{name}', which is no low-rank change and would be lost in a sum.", RoutedParts.Aside);
            if (role == BrickTensors.LoraUp)
            {
                var factor = brick.FactorOf(target);
                var down = brick.Open(target + BrickTensors.LoraDown);
                yield return down.Shape.Rank <= 2 ? (target, new FactorPair(down.ToFloats(), brick.Open(name).ToFloats(), factor))
                    : throw new RecipeException($"Brick '{brick.Id}' changes the experts in '{target}', each with factors of its own, which this version does not add up.", "Leave the experts out.");
            }
        }
    }
}
