using Brickwork.Models.Families;
using Brickwork.Models.Loading;
using Brickwork.Models.Panels;

namespace Brickwork;

/// <summary>A model that can be run: sizes, tokenizer and decoder. Immutable; a changed model shares every unchanged weight.</summary>
public sealed class LanguageModel : IDisposable
{
    readonly SharedCheckpoint _checkpoint;
    readonly Preparation _preparation;

    LanguageModel(SharedCheckpoint checkpoint, Decoder decoder, ModelConfig config, Compute compute, int? askedContext)
    {
        AskedContext = askedContext;
        _checkpoint = checkpoint;
        Decoder = decoder;
        Config = config;
        Compute = compute;
        _preparation = new Preparation(this);
        Fingerprint = checkpoint.Fingerprint;
        Tokenizer = checkpoint.Tokenizer;
        ChatTemplate = checkpoint.ChatTemplate;
    }

    /// <summary>The sizes.</summary>
    public ModelConfig Config { get; }

    /// <summary>Text to ids and back.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>How a conversation becomes a prompt; null where the model was not trained to talk.</summary>
    public ChatTemplate? ChatTemplate { get; }

    /// <summary>The parts.</summary>
    public Decoder Decoder { get; }

    /// <summary>What the model's files say about it.</summary>
    public Metadata Metadata => _checkpoint.Checkpoint.Metadata;

    /// <summary>The tensors in the model's files.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _checkpoint.Checkpoint.Tensors;

    /// <summary>What the model computes with.</summary>
    public Compute Compute { get; }

    internal Checkpoint Checkpoint => _checkpoint.Checkpoint;

    internal string Fingerprint { get; }

    /// <summary>The context that was asked for; null = what the model was trained for.</summary>
    internal int? AskedContext { get; }

    /// <summary>Opens a model. Weights are read when they are first used.</summary>
    /// <param name="path">A file, a folder, or a name in the models folder; null = the embedded default.</param>
    /// <param name="options">How to load it.</param>
    /// <exception cref="CheckpointException">There is no such model, or it is damaged.</exception>
    /// <exception cref="UnsupportedModelException">The model is of a family or storage type this version does not have.</exception>
    public static LanguageModel Load(string? path = null, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        var checkpoint = CheckpointLocator.Open(path, options);
        try
        {
            return From(checkpoint, options);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>A model of the tensors of an open checkpoint, which belongs to the model from now on.</summary>
    public static LanguageModel From(Checkpoint checkpoint, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        options ??= new LoadOptions();
        var builder = new ModelBuilder(checkpoint, options);
        var decoder = FamilyRegistry.Find(builder.Architecture, checkpoint.Source).Build(builder);
        builder.CheckNothingIsLeft();
        DryRun.Check(decoder, checkpoint.Source);
        var config = ConfigReader.Read(builder, checkpoint);
        var shared = new SharedCheckpoint(checkpoint);
        if (shared.Tokenizer.VocabularySize > config.Vocabulary)
            throw Faults.MoreTokens(checkpoint.Source, shared.Tokenizer.VocabularySize, config.Vocabulary);
        var compute = new Compute(options.Threads, options.InstructionSet, options.Precision);
        if (options.RepackCache is { } cache)
            shared.Keep(PanelCache.Attach(checkpoint, shared.Fingerprint, decoder, compute, cache));
        return new LanguageModel(shared, decoder, config, compute, options.Context);
    }

    /// <summary>The same model with another part in one slot; every other weight is shared. Both may be used and disposed independently.</summary>
    /// <exception cref="SlotNotFoundException">There is no such slot.</exception>
    public LanguageModel With(SlotPath slot, IPart part) => With(Decoder.With(slot, part));

    /// <summary>The same model with other parts.</summary>
    internal LanguageModel With(Decoder decoder) =>
        new(_checkpoint.Share(), decoder, Config, new Compute(Compute.Threads, Compute.InstructionSet, Compute.Precision), AskedContext);

    /// <summary>Keeps the model's files open until the result is disposed.</summary>
    internal IDisposable KeepOpen() => _checkpoint.Share();

    /// <summary>The same model computed with something else, which belongs to the result.</summary>
    internal LanguageModel On(Compute compute) => new(_checkpoint.Share(), Decoder, Config, compute, askedContext: null);

    /// <summary>Lays quantized weights out and compiles kernels now, with all threads, instead of at their first use.</summary>
    /// <remarks>
    /// Nothing is laid out twice, and no result changes. A pass over some tokens ends it, which reads every weight once; precise products
    /// and weights that are not quantized need nothing else.
    /// </remarks>
    /// <param name="progress">Told after every matrix.</param>
    /// <param name="cancellation">Ends it between two matrices; what is laid out stays so.</param>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public void Prepare(IProgress<PreparationProgress>? progress = null, CancellationToken cancellation = default) =>
        _preparation.Run(progress, cancellation);

    /// <summary>
    /// The same on one thread in the background: started while a user still types, it takes the work out of the first answer.
    /// </summary>
    /// <remarks>The model may be used meanwhile, with the same results. Disposing it cancels the task and waits for it.</remarks>
    /// <param name="cancellation">Ends it between two matrices; what is laid out stays so.</param>
    /// <returns>Done when all weights are laid out; nobody has to wait for it.</returns>
    public Task PrepareAsync(CancellationToken cancellation = default) => _preparation.Start(cancellation);

    /// <summary>Something that runs this model over sequences; the model must outlive it.</summary>
    /// <exception cref="MemoryLimitException">A context was asked for whose keys and values do not fit into memory. None of it was taken.</exception>
    public ModelRunner CreateRunner(RunnerOptions? options = null) => new(this, options ?? new RunnerOptions());

    /// <inheritdoc/>
    public void Dispose()
    {
        _preparation.Dispose();
        Compute.Dispose();
        _checkpoint.Dispose();
    }
}
