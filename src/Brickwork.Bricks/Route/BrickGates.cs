using Brickwork.Bricks.Plug;
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
            options ??= new ShortTraining();
            var gated = WithGates(model, brick, options);
            using var trainable = TrainableModel.OfBricks(Plug(model, gated), options.Trainable);
            options.Run(trainable, batches, steps, cancellation);
            return trainable.Model.TakeBrick(gated);
        }
    }

    /// <summary>The brick with gates that are all 0, and so open by half.</summary>
    static Brick WithGates(LanguageModel model, Brick brick, ShortTraining options)
    {
        var tensors = new OrderedDictionary<string, Tensor>(brick.Tensors, StringComparer.Ordinal);
        foreach (var part in new BrickParts(brick, model).Plan())
        {
            var lora = Lora(model, brick, part);
            tensors[lora.Target + BrickTensors.Gate] = Tensor.Zeros(lora.Down.Columns);
        }
        return new Brick(brick.Manifest with { Log = options.LogOf("gates", [brick]) }, tensors);
    }

    internal static LanguageModel Plug(LanguageModel model, Brick brick)
    {
        BrickPlugging.RequireParent(model, brick, anyParent: false);
        var decoder = model.Decoder;
        foreach (var part in new BrickParts(brick, model).Plan())
        {
            var lora = Lora(model, brick, part);
            decoder = decoder.With(part.Slot, new GatedLora(brick.Id, decoder.Find(part.Slot))
            {
                Target = lora.Target, Down = lora.Down, Up = lora.Up, Factor = lora.Factor, Gate = brick.Vector(lora.Target + BrickTensors.Gate, lora.Down.Columns),
            });
        }
        return model.With(decoder);
    }

    internal static LoraLinear Lora(LanguageModel model, Brick brick, PlannedPart part) => part.Around(model.Decoder.Find(part.Slot)) is LoraLinear { Start: null } lora
        ? lora : throw new UnsupportedModelException($"Brick '{brick.Id}' has a part in slot '{part.Slot}' that is no LoRA of a projection; gates belong to those.", "Train a brick of the kind lora.");
}
