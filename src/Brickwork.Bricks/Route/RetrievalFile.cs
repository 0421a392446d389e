namespace Brickwork.Bricks.Route;

/// <summary>A retrieval router as a safetensors file.</summary>
static class RetrievalFile
{
    const string KindKey = "router", BricksKey = "bricks", ParentKey = "parent", Kind = "retrieval", Centroids = "centroids", Centre = "centre";

    public static void Write(string path, IReadOnlyList<string> bricks, Tensor centroids, Tensor centre, string parent, SaveOptions? options)
    {
        var texts = new Dictionary<string, string> { [KindKey] = Kind, [BricksKey] = string.Join('\n', bricks), [ParentKey] = parent };
        using var writer = SafetensorsWriter.Create(path, texts, [new(Centroids, DType.F32, centroids.Shape), new(Centre, DType.F32, centre.Shape)], options);
        writer.Write(Centroids, centroids);
        writer.Write(Centre, centre);
        writer.Complete();
    }

    public static RetrievalRouter Read(string path)
    {
        using var file = SafetensorsCheckpoint.OpenFile(path);
        if (file.Metadata.TryText(KindKey) != Kind || file.Metadata.TryText(BricksKey) is not { } bricks || file.Metadata.TryText(ParentKey) is not { } parent || !file.Contains(Centroids) || !file.Contains(Centre))
            throw Fault(path, "has no entries of a retrieval router");
        var (centroids, centre) = (file.Open(Centroids).ToFloats(), file.Open(Centre).ToFloats());
        string[] ids = bricks.Split('\n');
        return centroids.Rows == ids.Length && centroids.Columns == centre.Columns ? new RetrievalRouter(ids, centroids, centre, parent)
            : throw Fault(path, $"names {ids.Length} bricks for {centroids} and {centre}");
    }

    static CheckpointException Fault(string path, string found) => new($"{path} {found}; expected what brick route wrote.", "Make it again: brick route FOLDER --router retrieve --examples ID=FILE --out FILE");
}
