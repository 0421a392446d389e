using System.Globalization;
using Brickwork.Models.Slots;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>The bricks whose parts stand in a decoder.</summary>
static class PluggedBricks
{
    /// <summary>Every part of a brick, outer ones first.</summary>
    public static IEnumerable<(SlotPath Slot, Adapter Part)> Of(Decoder decoder)
    {
        foreach (var (path, part) in PartTree.Walk(decoder))
            if (part is Adapter adapter)
                yield return (path, adapter);
    }

    /// <summary>The same decoder without the parts of a brick.</summary>
    public static Decoder Without(Decoder decoder, string brick) =>
        (Decoder)PartTree.Rewrite(decoder, part => part is Adapter adapter && adapter.Brick == brick ? adapter.Base : part);

    /// <summary>Refuses strengths that no plugged brick can take.</summary>
    /// <exception cref="RecipeException">No such brick is plugged into the model, or it knows no such strength.</exception>
    public static BrickStrengths? Check(Decoder decoder, BrickStrengths? strengths)
    {
        if (strengths is null)
            return null;
        var parts = Of(decoder).Select(entry => entry.Part).ToLookup(part => part.Brick);
        foreach (var (brick, strength) in strengths.All)
            if (!parts.Contains(brick))
                throw new RecipeException($"No brick '{brick}' is plugged into the model; found {Names(parts)}.", "Plug it first: model.Plug(brick), or --plug FILE.");
            else if (parts[brick].FirstOrDefault(part => !part.HasStrengths) is { } part)
                CheckStrength(part, strength);
        return strengths;
    }

    /// <exception cref="RecipeException">The part works in full or not at all.</exception>
    public static void CheckStrength(Adapter part, float strength)
    {
        if (!part.HasStrengths && strength is not (0 or 1))
            throw new RecipeException(
                string.Create(CultureInfo.InvariantCulture, $"Brick '{part.Brick}' is asked for at strength {strength}, but its {part.GetType().Name} has no meaning between 0 and 1."),
                "Plug it at strength 1, or leave it out.");
    }

    /// <summary>Something that differs where other bricks are plugged; empty without any.</summary>
    public static string Mark(Decoder decoder) => string.Concat(
        Of(decoder).Select(entry => entry.Part).DistinctBy(part => part.Brick).Select(part => string.Create(CultureInfo.InvariantCulture, $"+{part.Brick}:{part.Strength}")));

    static string Names(ILookup<string, Adapter> parts) => parts.Count == 0 ? "none" : string.Join(", ", parts.Select(group => group.Key));
}
