using Brickwork.Models.Parts.Adapters;
using Brickwork.Models.Running;
using Brickwork.Models.Slots;
using Brickwork.Models.Training;
using Brickwork.Tensors.Autograd;
using Brickwork.Tensors.Storage;

namespace Brickwork;

/// <summary>A model whose weights, or some of them, are F32 in memory of their own, and can be trained. One thread at a time.</summary>
public sealed class TrainableModel : IDisposable
{
    readonly Arena _arena = new();
    readonly Arena _lasting = new();
    readonly Tape _tape;
    readonly ForwardContext _context;
    readonly int _logitRows;
    readonly IDisposable? _original;
    readonly IReadOnlyList<VirtualRows> _virtual;

    TrainableModel(LanguageModel model, TrainableOptions options, IDisposable? original, IEnumerable<(string Name, Tensor Value)> trained)
    {
        Model = model;
        _original = original;
        _virtual = VirtualTokens.Of(model.Decoder);
        _tape = new Tape(model.Compute, _arena);
        _context = new ForwardContext(model.Compute, _arena, _lasting, model.Decoder.States) { ReplaysLayers = options.ReplaysLayers };
        _logitRows = options.LogitRows;
        Parameters = [.. trained.Select(weight => new Parameter(weight.Name, weight.Value, _tape.Watch(weight.Value)))];
    }

    /// <summary>The model as it is now; it changes as the parameters do.</summary>
    public LanguageModel Model { get; }

    /// <summary>Tokens a sequence may hold: the model's context without what bricks put before it.</summary>
    internal int Context => Model.Config.Context - _virtual.Sum(brick => brick.Values.Rows);

    /// <summary>The weights that are trained, in file order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>A copy of a model that can be trained. The model is not changed; both may be used and disposed independently.</summary>
    /// <exception cref="UnsupportedModelException">A part of the model records no gradients, or nothing is trained.</exception>
    public static TrainableModel From(LanguageModel model, TrainableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return From(model.Checkpoint, options ?? new TrainableOptions(), model.KeepOpen());
    }

    /// <summary>A copy of the model of a checkpoint, which must stay open where not all of it is trained.</summary>
    /// <inheritdoc cref="From(LanguageModel, TrainableOptions?)" path="/exception"/>
    public static TrainableModel From(Checkpoint checkpoint, TrainableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return From(checkpoint, options ?? new TrainableOptions(), original: null);
    }

    static TrainableModel From(Checkpoint checkpoint, TrainableOptions options, IDisposable? original)
    {
        var model = LanguageModel.From(TrainableCopy.Of(checkpoint, options.Trains), new LoadOptions
        {
            Threads = options.Threads,
            InstructionSet = options.InstructionSet,
            Precision = Precision.Exact,
        });
        try
        {
            RequireGradients(model);
            var trained = model.Tensors.Where(info => TrainableCopy.IsTrained(info, options.Trains)).Select(info => (info.Name, model.Checkpoint.Open(info.Name)));
            var trainable = new TrainableModel(model, options, original, trained);
            return trainable.Parameters.Count > 0 ? trainable : throw new UnsupportedModelException(
                $"Nothing of {checkpoint.Source} is trained: none of its {checkpoint.Tensors.Count} tensors was chosen.",
                "List its tensors: brick inspect --tensors -m FILE");
        }
        catch
        {
            model.Dispose();
            original?.Dispose();
            throw;
        }
    }

    /// <summary>One brick plugged into a model, whose own weights and other bricks stay as they are. The model belongs to the result, and changes as it is trained.</summary>
    /// <param name="plugged">The model with the brick.</param>
    /// <param name="brick">The id of the brick, whose weights are F32.</param>
    /// <param name="options">Which of them are trained, and how much memory that may take.</param>
    /// <exception cref="UnsupportedModelException">A part of the model records no gradients, or nothing of the brick is trained.</exception>
    internal static TrainableModel OfBrick(LanguageModel plugged, string brick, TrainableOptions options)
    {
        using (var given = plugged)
            plugged = given.With((Decoder)PartTree.Rewrite(given.Decoder, part => part is DoraLinear dora && dora.Brick == brick ? dora with { IsTrained = true } : part));
        try
        {
            RequireGradients(plugged);
            // Projections that share a tensor of the model share those of the brick.
            var weights = PluggedBricks.Of(plugged.Decoder).Where(entry => entry.Part.Brick == brick).SelectMany(entry => entry.Part.Weights)
                .DistinctBy(weight => weight.Name).Where(weight => options.Trains(weight.Name)).ToList();
            return weights.Count > 0 ? new TrainableModel(plugged, options, original: null, weights) : throw new UnsupportedModelException(
                $"Nothing of brick '{brick}' in {plugged.Config.Name} is trained.", "Choose at least one of its tensors.");
        }
        catch
        {
            plugged.Dispose();
            throw;
        }
    }

    /// <summary>Makes all gradients zero.</summary>
    public void ClearGradients()
    {
        foreach (var parameter in Parameters)
            parameter.Gradient.Floats.Clear();
    }

    /// <summary>Runs a batch forwards and backwards and adds to the gradients of the parameters.</summary>
    /// <param name="batch">Whole sequences; no token sees another sequence.</param>
    /// <param name="scale">What the gradient of the summed loss is multiplied with, such as one over the tokens of a step.</param>
    /// <exception cref="ArgumentException">A token that is not in the vocabulary, or a sequence longer than the model's context.</exception>
    public LossSum Accumulate(TokenBatch batch, float scale) => Run(batch, TokenObjective.Instance, scale);

    /// <summary>The same for another objective.</summary>
    internal LossSum Accumulate(TokenBatch batch, IObjective objective, float scale) => Run(batch, objective, scale);

    /// <summary>The losses of a batch; no gradient changes.</summary>
    /// <inheritdoc cref="Accumulate(TokenBatch, float)" path="/exception"/>
    public LossSum Evaluate(TokenBatch batch) => Run(batch, TokenObjective.Instance, null);

    /// <summary>Writes the model as it is now.</summary>
    /// <param name="path">A name that ends in <c>.gguf</c>, or else a folder in the form of Hugging Face.</param>
    /// <param name="options">Storage type and what to do with what is there; F32 by default.</param>
    /// <exception cref="CheckpointException">The target cannot be written.</exception>
    public ConvertReport Save(string path, ConvertOptions? options = null) => ModelConverter.Convert(Model.Checkpoint, path, options);

    /// <summary>Lets somebody look at logits, chunk by chunk: of a teacher, for example.</summary>
    /// <param name="batch">Whole sequences.</param>
    /// <param name="objective">Sees the logits of every scored row.</param>
    internal LossSum Look(TokenBatch batch, IObjective objective) => Run(batch, objective, null);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tape.Dispose();
        _arena.Dispose();
        _lasting.Dispose();
        Model.Dispose();
        _original?.Dispose();
    }

    LossSum Run(TokenBatch batch, IObjective objective, float? scale)
    {
        Check(batch);
        objective.Begin(batch);
        var start = _tape.Here();
        try
        {
            _context.Rows.TakeWhole(batch, _virtual);
            _context.Tape = scale is null ? null : _tape;
            var hidden = Model.Decoder.Hidden(_context);                     // [N, D]
            var nats = Losses(hidden, batch, objective, scale);
            _tape.Backward(start);
            return new LossSum(nats, hidden.Rows);
        }
        finally
        {
            _tape.Forget(start);
            _context.Tape = null;
            _context.Clear();
        }
    }

    /// <summary>Logits, losses and their gradients, some rows at a time: all logits at once would be the largest memory of a pass.</summary>
    double Losses(Tensor hidden, TokenBatch batch, IObjective objective, float? scale)
    {
        int[] targets = [.. batch.Targets.Where(target => target >= 0)];
        var nats = 0.0;
        for (var first = 0; first < hidden.Rows; first += _logitRows)
        {
            var rows = Math.Min(_logitRows, hidden.Rows - first);
            var here = _tape.Here();
            var logits = Model.Decoder.Head!.Forward(hidden.SliceRows(first, rows), _context);
            if (scale is not null)
            {
                var gradient = _tape.NewGradient(logits);
                logits.Floats.CopyTo(gradient.Floats);
                logits = gradient;
            }
            nats += objective.Run(Model.Compute, first, logits, targets.AsSpan(first, rows), scale);
            _tape.Backward(here);
            _tape.Forget(here);
        }
        return nats;
    }

    void Check(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var vocabulary = Model.Config.Vocabulary;
        foreach (var token in batch.Tokens)
            if ((uint)token >= (uint)vocabulary)
                throw new ArgumentException($"Token {token} is not in the vocabulary of {vocabulary}.", nameof(batch));
        foreach (var target in batch.Targets)
            if (target >= vocabulary)
                throw new ArgumentException($"Target {target} is not in the vocabulary of {vocabulary}.", nameof(batch));
        var longest = batch.Lengths.DefaultIfEmpty().Max();
        if (longest > Context)
            throw new ArgumentException($"A sequence of {longest} tokens is longer than the model's context of {Context}.", nameof(batch));
    }

    static void RequireGradients(LanguageModel model)
    {
        if (model.Decoder.Head is null)
            throw new UnsupportedModelException($"{model.Config.Name} has no head: it embeds texts and does not write them.", "Train a model that writes.");
        foreach (var (path, part) in PartTree.Walk(model.Decoder))
            if (!part.HasGradient)
                throw new UnsupportedModelException(
                    $"{model.Config.Name} cannot be trained: the {part.GetType().Name} in slot '{path}' records no gradients.",
                    "Train a model of the Llama, Gemma or Qwen families, or put another part into that slot.");
    }
}
