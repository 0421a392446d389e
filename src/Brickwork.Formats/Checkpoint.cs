using Brickwork.Formats;
using Brickwork.Formats.Log;

namespace Brickwork;

/// <summary>Name, storage type and shape of a tensor in a file; shapes are slowest dimension first, so a matrix is [outputs, inputs].</summary>
/// <param name="Name">The name in the checkpoint, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Type">How its values are stored.</param>
/// <param name="Shape">Slowest dimension first (the reverse of what GGUF writes).</param>
public readonly record struct TensorInfo(string Name, DType Type, Shape Shape)
{
    /// <summary>Bytes of the data.</summary>
    public long Bytes => Tensor.ByteLength(Type, Shape);
}

/// <summary>Named tensors and metadata in files. Tensors are looked at in place and read when first used.</summary>
public abstract class Checkpoint : IDisposable
{
    /// <summary>The file or folder, for messages.</summary>
    public abstract string Source { get; }

    /// <summary>What the files say about the model, in GGUF's vocabulary.</summary>
    public abstract Metadata Metadata { get; }

    /// <summary>The tensors in file order.</summary>
    public abstract IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The files whose bytes decide what the tensors hold; none where the checkpoint was made in memory.</summary>
    internal virtual IReadOnlyList<string> Files => [];

    /// <summary>The hash by which logs know these files; null where the checkpoint was made in memory.</summary>
    internal virtual ContentHash? HashContent(CancellationToken cancellation) => Files.Count == 0 ? null : ContentHash.OfFiles(Files, cancellation);

    /// <summary>Whether there is a tensor of that name.</summary>
    public abstract bool Contains(string name);

    /// <summary>The tensor of that name; its memory belongs to this checkpoint.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public abstract Tensor Open(string name);

    /// <summary>The values of a tensor that is made part by part when it is read; null where it lies in memory or a file.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    internal virtual ITensorStream? Stream(string name) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the files.</summary>
    protected abstract void Dispose(bool disposing);
}
