using Brickwork.Kernels.Threading;
using Brickwork.Models.Conversion;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.Loading;

namespace Brickwork;

/// <summary>Rewrites models: from GGUF, a Hugging Face folder or llama2.c to GGUF or a Hugging Face folder, in the same or another storage type.</summary>
public static class ModelConverter
{
    const string Gguf = ".gguf";

    /// <summary>The storage types and mixes that can be written.</summary>
    public static IReadOnlyList<string> Types => [.. QuantizationMix.All.Select(mix => mix.Name)];

    /// <summary>Converts a model; memory stays bounded by its largest tensor.</summary>
    /// <param name="source">A GGUF file, a Hugging Face folder, a llama2.c file, or a name in the models folder.</param>
    /// <param name="target">A name that ends in <c>.gguf</c>, or else a folder.</param>
    /// <param name="options">Type and limits.</param>
    /// <exception cref="CheckpointException">The source is damaged, holds values that are no numbers, or the target cannot be written.</exception>
    /// <exception cref="UnsupportedModelException">The source or the type is of a kind that this version does not have.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static ConvertReport Convert(string source, string target, ConvertOptions? options = null)
    {
        options ??= new ConvertOptions();
        using var checkpoint = CheckpointLocator.Open(source, new LoadOptions { TokenizerPath = options.TokenizerPath });
        return Convert(checkpoint, target, options);
    }

    /// <inheritdoc cref="Convert(string, string, ConvertOptions)"/>
    /// <param name="source">The model; stays open.</param>
    /// <param name="target">A name that ends in <c>.gguf</c>, or else a folder.</param>
    /// <param name="options">Type and limits.</param>
    public static ConvertReport Convert(Checkpoint source, string target, ConvertOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        options ??= new ConvertOptions();
        var importance = options.ImportanceMatrix is { } path ? ImportanceMatrix.Open(path) : null;
        importance?.RequireFits(source);
        var toGguf = IsGguf(target);
        var plan = TypePlan.Of(source, options.Type, toGguf);
        var log = ConversionLog.Of(source, target, options);
        using var team = new ThreadTeam(options.Threads ?? Environment.ProcessorCount);
        var work = new TensorConversion(team, importance, options.CancellationToken);
        var save = new SaveOptions { Existing = options.Overwrite ? ExistingFiles.Replace : ExistingFiles.Refuse, MaxFileBytes = options.MaxFileBytes };
        return toGguf ? ToGguf(source, target, plan, log, work, save, options) : ToFolder(source, target, plan, log, work, save, options);
    }

    /// <summary>Whether a model of that name is written as GGUF.</summary>
    internal static bool IsGguf(string target) => target.EndsWith(Gguf, StringComparison.OrdinalIgnoreCase);

    /// <summary>Bytes of all tensors of the result.</summary>
    /// <param name="source">The model.</param>
    /// <param name="target">As for <see cref="Convert(Checkpoint, string, ConvertOptions)"/>; null = a GGUF file.</param>
    /// <param name="type">A storage type or mix; null = as stored.</param>
    internal static long BytesOf(Checkpoint source, string? target, string? type)
    {
        var plan = TypePlan.Of(source, type, target is null || IsGguf(target));
        return source.Tensors.Sum(tensor => plan.Apply(tensor).Bytes);
    }

    static ConvertReport ToGguf(
        Checkpoint source, string target, TypePlan plan, IReadOnlyList<LoggedOperation> log, TensorConversion work, SaveOptions save, ConvertOptions options)
    {
        RequireTokenizer(source);
        TensorInfo[] tensors = [.. source.Tensors.Select(plan.Apply)];
        var metadata = plan.Metadata(source.Metadata);
        OperationLog.Write(metadata, log);
        using var writer = GgufWriter.Create(target, metadata, tensors, save);
        var (done, total) = (0L, source.Tensors.Sum(tensor => tensor.Bytes));
        foreach (var (info, to) in source.Tensors.Zip(tensors))
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            using var stream = work.Streams ? source.Stream(info.Name) : null;
            if (stream is not null)
                work.Run(info.Name, source.Source, stream, to.Type, (offset, bytes) => writer.WriteAt(info.Name, offset, bytes));
            else
                Write(source, info.Name, to.Type, work, writer);
            options.Progress?.Invoke(done += info.Bytes, total);
        }
        writer.Complete();
        return new ConvertReport { BytesIn = total, BytesOut = tensors.Sum(tensor => tensor.Bytes), Tensors = tensors.Length, Fallbacks = plan.Fallbacks };
    }

    static void Write(Checkpoint source, string name, DType type, TensorConversion work, CheckpointWriter writer)
    {
        var tensor = source.Open(name);
        if (tensor.Type == type)
            writer.Write(name, tensor);
        else
            work.Run(name, source.Source, tensor, type, bytes => writer.Write(name, bytes));
        // What was read or made will not be needed again.
        tensor.ReleasePages();
        (source as HuggingFaceCheckpoint)?.Forget(name);
    }

    static ConvertReport ToFolder(
        Checkpoint source, string target, TypePlan plan, IReadOnlyList<LoggedOperation> log, TensorConversion work, SaveOptions save, ConvertOptions options)
    {
        using var plain = new PlainCheckpoint(source, tensor => plan.Apply(tensor).Type, (info, type) => work.Whole(info.Name, source.Source, source.Open(info.Name), type));
        var (written, total) = (0L, plain.Tensors.Sum(tensor => tensor.Bytes));
        var count = HuggingFaceExporter.Export(plain, target, log, save, options.Notes, info =>
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            written += info.Bytes;
            options.Progress?.Invoke(Math.Min(written, total), total);
        });
        return new ConvertReport { BytesIn = source.Tensors.Sum(tensor => tensor.Bytes), BytesOut = written, Tensors = count };
    }

    static void RequireTokenizer(Checkpoint source)
    {
        if (source is not HuggingFaceCheckpoint { Tokenizer: { } tokenizer } || source.Metadata.Contains("tokenizer.ggml.model"))
            return;
        _ = tokenizer.ToDefinition(); // says what GGUF has no name for
    }
}
