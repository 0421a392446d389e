namespace Brickwork.Formats.Writing;

/// <summary>One file to write: header bytes, then tensors at known offsets.</summary>
/// <param name="Path">Its final name.</param>
/// <param name="Header">Everything before the tensor data.</param>
/// <param name="Tensors">The tensors and their offsets from the start of the file.</param>
/// <param name="Length">Bytes in all.</param>
sealed record FilePlan(string Path, byte[] Header, IReadOnlyList<(TensorInfo Info, long Offset)> Tensors, long Length)
{
    /// <summary>Deals tensors out to files in order, each file taking at most so many bytes unless one tensor alone is larger.</summary>
    public static List<List<TensorInfo>> Deal(IReadOnlyList<TensorInfo> tensors, long? maxFileBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxFileBytes ?? 1, nameof(maxFileBytes));
        var twice = tensors.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any());
        if (twice is not null)
            throw new ArgumentException($"Tensor '{twice.Key}' is listed twice.", nameof(tensors));
        List<List<TensorInfo>> files = [[]];
        var used = 0L;
        foreach (var tensor in tensors)
        {
            if (files[^1].Count > 0 && used + tensor.Bytes > (maxFileBytes ?? long.MaxValue))
            {
                files.Add([]);
                used = 0;
            }
            files[^1].Add(tensor);
            used += tensor.Bytes;
        }
        return files;
    }
}
