using Brickwork.Bricks.Plug;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork.Bricks.Route;

/// <summary>The part of a brick in a slot that a route takes.</summary>
/// <param name="Index">The place of the brick among those of the route.</param>
/// <param name="Slot">The outermost slot.</param>
/// <param name="Part">Around what stands there.</param>
sealed record RoutedPart(int Index, SlotPath Slot, OutputAdapter Part)
{
    /// <summary>The slot under the name it has without bricks.</summary>
    public SlotPath Name => Adapter.PlainName(Slot);
}

/// <summary>The parts of several bricks by slot.</summary>
static class RoutedParts
{
    /// <summary>What to do with a brick that no route takes.</summary>
    public const string Aside = "Leave it out, or put it below the route: brick plug --plug BRICK -m MODEL --out BASE.brick, then route the others with -m BASE.brick.";

    /// <summary>Slot by slot, inner ones before those they are in.</summary>
    /// <exception cref="CheckpointException">A brick does not fit the model.</exception>
    /// <exception cref="UnsupportedModelException">A part of a brick cannot be weighed row by row.</exception>
    public static IReadOnlyList<IGrouping<SlotPath, RoutedPart>> Of(LanguageModel model, IReadOnlyList<Brick> bricks) =>
    [
        .. bricks.SelectMany((brick, index) => new BrickParts(brick, model).Plan().Select(part => Part(model, brick, index, part)))
            .GroupBy(part => part.Slot).OrderByDescending(slot => slot.Key.Text.Count(letter => letter == '.')),
    ];

    static RoutedPart Part(LanguageModel model, Brick brick, int index, PlannedPart planned) =>
        planned.Around(model.Decoder.Find(planned.Slot)) switch
        {
            OutputAdapter part => new RoutedPart(index, planned.Slot, part),
            var other => throw new UnsupportedModelException($"Brick '{brick.Id}' ({brick.Kind}) cannot be chosen row by row: in slot '{planned.Slot}' it {other.Unroutable}.", Aside),
        };
}
