using System.CommandLine;
using Brickwork.Cli.Routing;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>How several bricks work together, on the command line.</summary>
static class RouteFlags
{
    public static Option<string?> Route { get; } = new("--route")
    {
        Description = $"How the bricks of --plug and --bricks work together: {BrickRoute.Known} [default: one on top of the other]",
    };

    /// <summary>Loads the model with the bricks and the route that the user named.</summary>
    /// <param name="run">What the user gave.</param>
    /// <param name="text">What is asked; null where a verb has no one text.</param>
    /// <exception cref="UsageException">There is no such route, or it does not go with the bricks or the verb.</exception>
    public static RoutedModel Load(Invocation run, string? text)
    {
        if (run.Value(Route) is not { } written)
            return new RoutedModel(ModelOptions.Load(run), []);
        var route = BrickRoute.Parse(written);
        using var model = ModelOptions.LoadBare(run);
        var bricks = PlugFlags.Open(run, model);
        return bricks.Count == 0 ? throw new UsageException($"--route {written} is given without bricks.", "Name some: --plug BRICK, or --bricks FOLDER")
            : new RoutedModel(route.Plug(model, bricks, text, run.Value(PlugFlags.AnyParent)), route.Choices(bricks));
    }
}
