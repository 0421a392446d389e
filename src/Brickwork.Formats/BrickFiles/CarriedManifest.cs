namespace Brickwork.Formats.BrickFiles;

/// <summary>What forms of other programs have no place for, under keys of our own that those programs pass over: whose brick it is, and under which terms.</summary>
static class CarriedManifest
{
    const string Id = "brickwork.brick.id", Parent = "brickwork.brick.parent", Licence = "brickwork.brick.licence";

    /// <summary>The texts to write.</summary>
    public static IEnumerable<(string Key, string Value)> Of(BrickManifest manifest)
    {
        yield return (Id, manifest.Id);
        if (manifest.Parent is { } parent)
            yield return (Parent, parent);
        if (manifest.Licence is { } licence)
            yield return (Licence, licence);
    }

    /// <summary>A manifest with what a file carries.</summary>
    /// <exception cref="CheckpointException">The id is no name of a brick.</exception>
    public static BrickManifest Into(BrickManifest manifest, Metadata metadata, string source) => manifest with
    {
        Id = BrickId.Check(metadata.TryText(Id) is { Length: > 0 } id ? id : manifest.Id, source),
        Parent = metadata.TryText(Parent),
        Licence = metadata.TryText(Licence) ?? manifest.Licence,
    };
}
