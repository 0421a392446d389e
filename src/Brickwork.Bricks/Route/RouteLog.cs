namespace Brickwork.Bricks.Route;

/// <summary>What bricks that were made of others tell of it.</summary>
static class RouteLog
{
    /// <summary>The logs of the bricks, and behind them what was done with these.</summary>
    public static IReadOnlyList<LoggedOperation> Of(string operation, IEnumerable<Brick> bricks, params ReadOnlySpan<(string Name, string? Value)> arguments) => OperationLog.After(
        new LoggedOperation { Name = operation, Arguments = LoggedOperation.Given(arguments) }, [.. bricks.Select(brick => brick.AsSource)]);
}
