namespace Brickwork;

/// <summary>How bricks are plugged behind a router.</summary>
public sealed record RouteOptions
{
    /// <summary>The name of the route: it is listed, unplugged and given strengths like a brick.</summary>
    public string Id { get; init; } = "route";

    /// <summary>How scores become weights.</summary>
    public RouteRule Rule { get; init; } = new();

    /// <summary>How strongly the route works where a text does not say otherwise: a factor on all weights.</summary>
    public float Strength { get; init; } = 1;

    /// <summary>Whether bricks are taken that were made for a model of another hash, such as the same one before it was quantized.</summary>
    public bool AnyParent { get; init; }
}
