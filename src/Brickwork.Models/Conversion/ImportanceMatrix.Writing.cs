using System.Runtime.InteropServices;

namespace Brickwork;

public sealed partial class ImportanceMatrix
{
    /// <summary>Writes it as GGUF, as llama.cpp does: of each tensor the sums of squares, [E, C], and of how many inputs, [E, 1].</summary>
    /// <param name="path">Ends in <c>.gguf</c>.</param>
    /// <param name="existing">What to do where there is such a file.</param>
    /// <exception cref="CheckpointException">The file exists and may not be replaced, or cannot be written.</exception>
    public void Save(string path, ExistingFiles existing = ExistingFiles.Refuse)
    {
        var metadata = new Metadata(path);
        metadata.Set("general.type", "imatrix");
        metadata.Set(DatasetsKey, Datasets.ToArray());
        metadata.Set(ChunkCountKey, (uint)Chunks);
        metadata.Set(ChunkSizeKey, (uint)ChunkSize);
        var infos = _tensors.SelectMany(entry => (TensorInfo[])
        [
            new(entry.Key + SumsSuffix, DType.F32, new Shape(entry.Value.Counts.Length, entry.Value.Columns)),
            new(entry.Key + CountsSuffix, DType.F32, new Shape(entry.Value.Counts.Length, 1)),
        ]);
        using var writer = GgufWriter.Create(path, metadata, [.. infos], new SaveOptions { Existing = existing });
        foreach (var (name, sums) in _tensors)
        {
            writer.Write(name + SumsSuffix, MemoryMarshal.AsBytes<float>(sums.Sums));
            writer.Write(name + CountsSuffix, MemoryMarshal.AsBytes<float>(sums.Counts));
        }
        writer.Complete();
    }
}
