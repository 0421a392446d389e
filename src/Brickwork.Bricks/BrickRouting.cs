using Brickwork.Bricks.Route;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork;

/// <summary>Plugs bricks behind a router, which chooses among them for every row in every slot.</summary>
public static class BrickRouting
{
    extension(LanguageModel model)
    {
        /// <summary>The same model with bricks of which a router chooses; every weight is shared. Unplugging the route restores every bit.</summary>
        /// <param name="bricks">Bricks that add to what slots give; they need not stand in the same slots.</param>
        /// <param name="router">Scores these bricks.</param>
        /// <param name="options">The name of the route, and how scores become weights.</param>
        /// <exception cref="CheckpointException">A brick is for another model.</exception>
        /// <exception cref="RecipeException">There are no bricks, two of one name, one that the router does not know, or the route's name is taken.</exception>
        /// <exception cref="UnsupportedModelException">A part of a brick cannot be weighed row by row, such as DoRA or a whole tensor.</exception>
        public LanguageModel Route(IReadOnlyList<Brick> bricks, IRouter router, RouteOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(bricks);
            ArgumentNullException.ThrowIfNull(router);
            options ??= new RouteOptions();
            Check(model, bricks, router, options);
            int[] places = [.. bricks.Select(brick => router.Bricks.ToList().IndexOf(brick.Id))];
            var decoder = model.Decoder;
            foreach (var slot in RoutedParts.Of(model, bricks))
                decoder = decoder.With(slot.Key, new RoutedAdapters(options.Id, decoder.Find(slot.Key))
                {
                    Slot = slot.First().Name,
                    Router = router,
                    Rule = options.Rule,
                    Strength = options.Strength,
                    Members = [.. slot.Select(part => (places[part.Index], part.Part))],
                });
            return model.With(decoder);
        }
    }

    static void Check(LanguageModel model, IReadOnlyList<Brick> bricks, IRouter router, RouteOptions options)
    {
        options.Rule.Check();
        if (bricks.Count == 0)
            throw new RecipeException("A route was asked for without bricks.", "Name some: --plug BRICK, or --bricks FOLDER");
        if (bricks.GroupBy(brick => brick.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new RecipeException($"Two bricks of the route are named '{twice.Key}'.", "Give each a name of its own.");
        if (model.Bricks.Any(plugged => plugged.Id == options.Id))
            throw new RecipeException($"A brick '{options.Id}' is plugged into {model.Config.Name} already.", "Give the route another name.");
        if (bricks.FirstOrDefault(brick => !router.Bricks.Contains(brick.Id)) is { } unknown)
            throw new RecipeException($"The router does not know brick '{unknown.Id}'; it scores {string.Join(", ", router.Bricks)}.", "Make the router of the bricks that it is to choose among.");
        foreach (var brick in bricks)
            BrickPlugging.RequireParent(model, brick, options.AnyParent);
    }
}
