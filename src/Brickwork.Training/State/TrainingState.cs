using System.Runtime.InteropServices;
using System.Text;
using Brickwork.Kernels.Hashing;

namespace Brickwork.Training.State;

/// <summary>Everything that decides how a training goes on: tensors by name, the number of steps done, and what they were done with.</summary>
/// <remarks>
/// A GGUF file, written beside its name and then renamed. The hash of every tensor stands in the metadata, and a hash of the metadata beside it:
/// a flipped bit anywhere is found before a value is used. Where the position in the data lies follows from the number of steps.
/// </remarks>
sealed class TrainingState
{
    const string Prefix = "training.";
    const string StepKey = Prefix + "steps_done";
    const string NamesKey = Prefix + "plan.names";
    const string ValuesKey = Prefix + "plan.values";
    const string DataKeyKey = Prefix + "data_key";
    const string HashesKey = Prefix + "tensor_hashes";
    const string HashKey = Prefix + "hash";

    /// <summary>How many steps were done.</summary>
    public required long StepsDone { get; init; }

    /// <summary>The plan they were done by.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Plan { get; init; }

    /// <summary>The hash of the texts and tokenizer they were done with.</summary>
    public required string DataKey { get; init; }

    /// <summary>Weights and averages, F32; moments, F32 or BF16.</summary>
    public required IReadOnlyList<KeyValuePair<string, Tensor>> Tensors { get; init; }

    /// <summary>Writes the file: whole or not at all.</summary>
    /// <exception cref="CheckpointException">The system refuses, for instance because the disk is full.</exception>
    public void Save(string path)
    {
        var metadata = new Metadata(path);
        metadata.Set("general.type", "training");
        metadata.Set(StepKey, StepsDone);
        metadata.Set(NamesKey, Plan.Select(line => line.Key).ToArray());
        metadata.Set(ValuesKey, Plan.Select(line => line.Value).ToArray());
        metadata.Set(DataKeyKey, DataKey);
        metadata.Set(HashesKey, Tensors.Select(tensor => HashOf(tensor.Value)).ToArray());
        TensorInfo[] infos = [.. Tensors.Select(tensor => new TensorInfo(tensor.Key, tensor.Value.Type, tensor.Value.Shape))];
        metadata.Set(HashKey, HashOf(metadata, infos));
        using var writer = GgufWriter.Create(path, metadata, infos, new SaveOptions { Existing = ExistingFiles.Replace });
        foreach (var (name, tensor) in Tensors)
            writer.Write(name, tensor);
        writer.Complete();
    }

    /// <summary>Opens a file and checks every hash.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">What the tensors look into; to be disposed after their last use.</param>
    /// <exception cref="CheckpointException">The file is damaged or no checkpoint of a training.</exception>
    public static TrainingState Open(string path, out IDisposable files)
    {
        var checkpoint = GgufCheckpoint.OpenFile(path);
        try
        {
            var state = Read(checkpoint);
            files = checkpoint;
            return state;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    static TrainingState Read(Checkpoint checkpoint)
    {
        var metadata = checkpoint.Metadata;
        if (metadata.Find(HashKey)?.Value is not ulong hash || hash != HashOf(metadata, checkpoint.Tensors))
            throw Damaged(checkpoint.Source, "its head");
        var hashes = metadata.Find(HashesKey)?.Value as ulong[] ?? [];
        List<KeyValuePair<string, Tensor>> tensors = [];
        foreach (var (info, expected) in checkpoint.Tensors.Zip(hashes))
        {
            var tensor = checkpoint.Open(info.Name);
            if (HashOf(tensor) != expected)
                throw Damaged(checkpoint.Source, $"tensor '{info.Name}'");
            tensors.Add(new(info.Name, tensor));
        }
        return new TrainingState
        {
            StepsDone = (long)metadata.Find(StepKey)!.Value,
            Plan = [.. metadata.TryTexts(NamesKey)!.Zip(metadata.TryTexts(ValuesKey)!, (name, value) => new KeyValuePair<string, string>(name, value))],
            DataKey = metadata.Text(DataKeyKey),
            Tensors = tensors,
        };
    }

    /// <summary>Of everything in the head but the hash itself.</summary>
    static ulong HashOf(Metadata metadata, IEnumerable<TensorInfo> tensors)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in metadata.Where(entry => entry.Key.StartsWith(Prefix, StringComparison.Ordinal) && entry.Key != HashKey))
            text.Append(key).Append('=').AppendJoin('\0', value.Value is Array items ? items.Cast<object>() : [value.Value]).Append('\n');
        foreach (var tensor in tensors)
            text.Append(tensor.ToString()).Append('\n');
        return XxHash64.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Of all bytes, piece by piece, as a tensor may be longer than a span.</summary>
    static ulong HashOf(Tensor tensor)
    {
        const int PieceBytes = 1 << 26;
        List<ulong> pieces = [];
        var rows = (int)Math.Clamp(PieceBytes / Math.Max(1, tensor.RowBytes), 1, int.MaxValue);
        for (var row = 0; row < tensor.Rows; row += rows)
            pieces.Add(XxHash64.Of(tensor.RowSpan(row, Math.Min(rows, tensor.Rows - row))));
        return XxHash64.Of(MemoryMarshal.AsBytes<ulong>(pieces.ToArray()));
    }

    static CheckpointException Damaged(string source, string where) => new(
        $"The checkpoint {source} is damaged: the hash of {where} is not the one it was written with.", "Continue from the checkpoint before it: delete this one and run again with --resume.");
}
