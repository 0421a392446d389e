using Brickwork.Formats.Log;

namespace Brickwork;

/// <summary>How a model is converted.</summary>
public sealed record ConvertOptions
{
    /// <summary>
    /// A storage type or mix, one of <see cref="ModelConverter.Types"/>, in any case; null keeps every tensor as it is, but for block types
    /// in a Hugging Face folder, which become F16.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>Whether an existing target is replaced, in one step, once the new one is complete.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The most tensor bytes per file; null = one file.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>A tokenizer file for sources without one (llama2.c).</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>A file that says how much each column of each tensor counts, as llama.cpp writes it (.dat or .gguf); null = all the same.</summary>
    public string? ImportanceMatrix { get; init; }

    /// <summary>Threads that work; null = one per processor.</summary>
    public int? Threads { get; init; }

    /// <summary>Called after each tensor with the source bytes done and in all.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>What the log says was done; null = that this conversion was.</summary>
    internal LoggedOperation? Operation { get; init; }

    /// <summary>What that operation read; null = the model that is converted.</summary>
    internal IReadOnlyList<LoggedSource>? Sources { get; init; }

    /// <summary>Texts that are written into a folder beside the model, by the names of their files.</summary>
    internal IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>Stops between two pieces of a tensor; nothing is left behind.</summary>
    public CancellationToken CancellationToken { get; init; }
}

/// <summary>What a conversion did.</summary>
public sealed record ConvertReport
{
    /// <summary>Bytes of all tensors before.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes of all tensors after.</summary>
    public required long BytesOut { get; init; }

    /// <summary>Tensors written.</summary>
    public required int Tensors { get; init; }

    /// <summary>Tensors whose rows are no whole number of blocks of the type wanted, and the type they got.</summary>
    public IReadOnlyList<TensorInfo> Fallbacks { get; init; } = [];
}
