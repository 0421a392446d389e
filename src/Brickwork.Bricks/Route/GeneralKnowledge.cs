using Brickwork.Bricks.Log;
using Brickwork.Bricks.Route;

namespace Brickwork;

/// <summary>Takes out of bricks what they share with every text, so that a router sees what is their own (GenKnowSub, Bagherifard et al. 2025).</summary>
public static class GeneralKnowledge
{
    /// <summary>Each brick with the mean factors of the general bricks taken from its own.</summary>
    /// <param name="bricks">LoRA bricks of tasks or domains.</param>
    /// <param name="general">LoRA bricks of general texts, of the same ranks and targets.</param>
    /// <exception cref="RecipeException">A brick is no LoRA, or the factors have other shapes.</exception>
    public static IReadOnlyList<Brick> Subtract(IReadOnlyList<Brick> bricks, IReadOnlyList<Brick> general)
    {
        ArgumentNullException.ThrowIfNull(bricks);
        ArgumentNullException.ThrowIfNull(general);
        var shared = FactorTensors.Of(general);
        return [.. bricks.Select(brick => FactorTensors.Make(brick.Id, [brick], RouteLog.Of("subtract", [brick, .. general]),
            FactorTensors.Of([brick]).Select(entry => (entry.Key, Without(brick, entry.Key, entry.Value[0]!, shared.GetValueOrDefault(entry.Key)))))
            .Describe(manifest => InheritedTerms.Of(manifest, [brick, .. general])))];
    }

    static FactorPair Without(Brick brick, string target, FactorPair own, FactorPair?[]? shared)
    {
        if (shared is null)
            return own;
        var (down, up) = (own.Down.ToFloats(), own.Up.ToFloats());
        foreach (var pair in shared)
        {
            if (pair is null)
                continue;
            if (pair.Down.Shape != own.Down.Shape || pair.Up.Shape != own.Up.Shape || pair.Factor != own.Factor)
                throw new RecipeException($"Brick '{brick.Id}' has factors of '{target}' of rank {own.Rank} and scale {own.Factor}; the general brick's are of rank {pair.Rank} and scale {pair.Factor}.",
                    "Train the general brick with the same rank, alpha and targets.");
            Subtract(pair.Down, down, shared.Length);
            Subtract(pair.Up, up, shared.Length);
        }
        return own with { Down = down, Up = up };
    }

    static void Subtract(Tensor shared, Tensor own, int count)
    {
        for (var index = 0; index < own.Floats.Length; index++)
            own.Floats[index] -= shared.Floats[index] / count;
    }
}
