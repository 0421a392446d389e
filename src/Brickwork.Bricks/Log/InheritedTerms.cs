namespace Brickwork.Bricks.Log;

/// <summary>What a brick that is made of others takes from their manifests.</summary>
static class InheritedTerms
{
    /// <summary>The manifest with the one parent that any of the bricks names, and the licence that all of them name; null where they differ.</summary>
    public static BrickManifest Of(BrickManifest manifest, IReadOnlyList<Brick> bricks) => manifest with
    {
        Parent = bricks.Select(brick => brick.Manifest.Parent).OfType<string>().Distinct().ToList() is [var parent] ? parent : null,
        Licence = bricks.Select(brick => brick.Manifest.Licence).Distinct().ToList() is [var licence] ? licence : null,
    };
}
