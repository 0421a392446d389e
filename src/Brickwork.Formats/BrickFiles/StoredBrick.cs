using System.Security.Cryptography;
using System.Text;

namespace Brickwork.Formats.BrickFiles;

/// <summary>A brick in memory: what it says about itself, and its tensors in the order of the file.</summary>
/// <param name="Manifest">What it says about itself, the hash of its tensors included.</param>
/// <param name="Tensors">Named as <see cref="BrickTensors"/> says; each has its memory for itself.</param>
sealed record StoredBrick(BrickManifest Manifest, OrderedDictionary<string, Tensor> Tensors)
{
    /// <summary>The family of the model, where the file says so.</summary>
    public string? Family { get; init; }

    /// <summary>Layers of the model, where the file says so.</summary>
    public int? Layers { get; init; }

    /// <summary>The tensors of a checkpoint, copied, so that its files may be closed.</summary>
    /// <exception cref="CheckpointException">A value is not a finite number.</exception>
    public static OrderedDictionary<string, Tensor> Copy(Checkpoint checkpoint)
    {
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var info in checkpoint.Tensors)
            tensors.Add(info.Name, Copy(checkpoint.Open(info.Name), info.Name, checkpoint.Source));
        return tensors;
    }

    /// <summary>A copy of a tensor of numbers.</summary>
    /// <exception cref="CheckpointException">A value is not a finite number.</exception>
    public static Tensor Copy(Tensor stored, string name, string source)
    {
        if (stored.Type == DType.I8 && name.EndsWith(BrickTensors.DeltaSigns, StringComparison.Ordinal))
            return stored.Copy();
        if (stored.Type is DType.I8 or DType.I16 or DType.I32 or DType.I64)
            throw new CheckpointException($"Tensor '{name}' in {source} holds whole numbers ({stored.Type}); expected weights.", "Convert the adapter to F32, F16 or BF16.");
        var copy = stored.Copy();
        var values = copy.ToFloats();
        for (var row = 0; row < values.Rows; row++)
            foreach (var value in values.Row(row))
                if (!float.IsFinite(value))
                    throw new CheckpointException($"Tensor '{name}' in {source} holds {value}; expected finite numbers.", "The training that made it has diverged: take an earlier checkpoint of it.");
        return copy;
    }

    /// <summary>The hash of names, types, shapes and bytes.</summary>
    public static string ContentHash(OrderedDictionary<string, Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {tensor.Type}{tensor.Shape}\n"));
            for (var row = 0; row < tensor.Rows; row++)
                hash.AppendData(tensor.RowSpan(row, 1));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
