using Brickwork.Bricks.Plug;
using Brickwork.Bricks.Route;
using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork;

/// <summary>Gates of LoRA bricks: one vector for each projection, trained on the brick's own texts while everything else rests (PHATGOOSE).</summary>
public static class BrickGates
{
    extension(LanguageModel model)
    {
        /// <summary>The brick with gates for <see cref="GateRouter"/>, trained on texts that it is for. Plugged by itself, it does what it did.</summary>
        /// <param name="brick">LoRA of projections.</param>
        /// <param name="texts">The texts; the log of the brick names them, so that <c>brick replay</c> makes it again.</param>
        /// <param name="options">Steps and rate.</param>
        /// <param name="steps">Told how many steps were made.</param>
        /// <param name="cancellation">Looked at before every step.</param>
        /// <exception cref="UnsupportedModelException">The brick has parts that are no LoRA of projections, or the model records no gradients.</exception>
        /// <exception cref="CorpusException">A text is missing, damaged or empty.</exception>
        public Brick TrainGates(Brick brick, ExampleTexts texts, ShortTraining? options = null, IProgress<int>? steps = null, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(brick);
            ArgumentNullException.ThrowIfNull(texts);
            return Train(model, brick, texts.Batches(model), texts, options ?? new ShortTraining(), steps, cancellation);
        }

        /// <summary>The same with texts in memory, of which a log can say nothing.</summary>
        /// <param name="brick">LoRA of projections.</param>
        /// <param name="batches">The texts, as tokens; they are read in turns.</param>
        /// <param name="options">Steps and rate.</param>
        /// <param name="steps">Told how many steps were made.</param>
        /// <param name="cancellation">Looked at before every step.</param>
        /// <exception cref="UnsupportedModelException">The brick has parts that are no LoRA of projections, or the model records no gradients.</exception>
        /// <exception cref="RecipeException">There are no texts.</exception>
        public Brick TrainGates(Brick brick, IReadOnlyList<TokenBatch> batches, ShortTraining? options = null, IProgress<int>? steps = null, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(brick);
            ArgumentNullException.ThrowIfNull(batches);
            return Train(model, brick, batches, texts: null, options ?? new ShortTraining(), steps, cancellation);
        }
    }

    static Brick Train(LanguageModel model, Brick brick, IReadOnlyList<TokenBatch> batches, ExampleTexts? texts, ShortTraining options, IProgress<int>? steps, CancellationToken cancellation)
    {
        var gated = WithGates(model, brick);
        using var trainable = TrainableModel.OfBrick(Plug(model, gated, options.AnyParent), gated.Id, options.Trainable);
        options.Run(trainable, batches, steps, cancellation);
        var log = ShortTrainingLog.Of(new LoggedOperation { Name = ShortTrainingLog.Gates }, model, [brick], options, texts);
        return trainable.Model.TakeBrick(gated).Describe(manifest => manifest with { Log = log });
    }

    /// <summary>The brick with gates that are all 0, and so open by half.</summary>
    static Brick WithGates(LanguageModel model, Brick brick)
    {
        var tensors = new OrderedDictionary<string, Tensor>(brick.Tensors, StringComparer.Ordinal);
        var index = new TargetIndex(model);
        foreach (var part in new BrickParts(brick, model).Plan())
        {
            var lora = Lora(model, brick, part);
            tensors[NameOf(index, part)] = Tensor.Zeros(lora.Down.Columns);
        }
        return new Brick(brick.Manifest, tensors).From(brick.Origin);
    }

    internal static LanguageModel Plug(LanguageModel model, Brick brick, bool anyParent = false)
    {
        BrickPlugging.RequireParent(model, brick, anyParent);
        var (decoder, index) = (model.Decoder, new TargetIndex(model));
        foreach (var part in new BrickParts(brick, model).Plan())
        {
            var (lora, name) = (Lora(model, brick, part), NameOf(index, part));
            var gate = brick.Vector(name, lora.Down.Columns);
            decoder = decoder.With(part.Slot, new GatedLora(brick.Id, decoder.Find(part.Slot))
            {
                Down = lora.Down, Up = lora.Up, Factor = lora.Factor, Gate = gate, Weights = [(name, gate)],
            });
        }
        return model.With(decoder);
    }

    internal static LoraLinear Lora(LanguageModel model, Brick brick, PlannedPart part) => part.Around(model.Decoder.Find(part.Slot)) is LoraLinear { Start: null } lora
        ? lora : throw new UnsupportedModelException($"Brick '{brick.Id}' ({brick.Kind}) has a part in slot '{part.Slot}' that is no LoRA of a projection; gates belong to those.", "Train a brick of the kind lora.");

    /// <summary>The name of a gate in the brick: each projection has its own, also those that share a tensor.</summary>
    internal static string NameOf(TargetIndex index, PlannedPart part) => index.NameOf(index.Find(Adapter.PlainName(part.Slot).Text).Single()) + BrickTensors.Gate;
}
