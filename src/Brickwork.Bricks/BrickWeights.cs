using System.Globalization;
using Brickwork.Bricks.Weights;
using Brickwork.Formats.Log;
using Brickwork.Models.Conversion;

namespace Brickwork;

/// <summary>Works bricks into the weights of a model, and out of them again.</summary>
public static class BrickWeights
{
    extension(LanguageModel model)
    {
        /// <summary>A model whose weights hold a brick: W + strength·s·BA. The model must stay open as long as the result.</summary>
        /// <param name="brick">LoRA or DoRA.</param>
        /// <param name="strength">How strongly.</param>
        /// <exception cref="UnsupportedModelException">The brick is no change of weights, or changes a tensor that two parts share.</exception>
        /// <exception cref="CheckpointException">The brick is for another model.</exception>
        public LanguageModel MergeBrick(Brick brick, float strength = 1) => LanguageModel.From(Merged(model, brick, strength), Options(model));

        /// <summary>The inverse: a model whose weights held a LoRA brick, without it, up to rounding.</summary>
        /// <param name="brick">LoRA.</param>
        /// <param name="strength">How strongly it was worked in.</param>
        /// <exception cref="UnsupportedModelException">The brick is no sum of weights, or changes a tensor that two parts share.</exception>
        /// <exception cref="CheckpointException">The brick is for another model.</exception>
        public LanguageModel UnmergeBrick(Brick brick, float strength = 1) => LanguageModel.From(Merged(model, brick, -strength), Options(model));

        /// <summary>Writes a model whose weights hold a brick, tensor by tensor.</summary>
        /// <param name="brick">LoRA or DoRA.</param>
        /// <param name="strength">How strongly; a negative one takes LoRA out.</param>
        /// <param name="path">A name that ends in <c>.gguf</c>, or else a folder in the form of Hugging Face.</param>
        /// <param name="options">Storage type and what to do with what is there.</param>
        /// <exception cref="CheckpointException">The target cannot be written, or the brick is for another model.</exception>
        /// <exception cref="UnsupportedModelException">The brick is no change of weights.</exception>
        public ConvertReport SaveMerged(Brick brick, float strength, string path, ConvertOptions? options = null) =>
            ModelConverter.Convert(Merged(model, brick, strength), path, Logged(model, brick, strength, path, options ?? new ConvertOptions()));
    }

    static BrickCheckpoint Merged(LanguageModel model, Brick brick, float strength)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(brick);
        return new BrickCheckpoint(model, brick, strength);
    }

    static ConvertOptions Logged(LanguageModel model, Brick brick, float strength, string path, ConvertOptions options) => options with
    {
        Operation = options.Operation ?? new LoggedOperation
        {
            Name = strength < 0 ? "unplug" : "plug",
            Arguments = LoggedOperation.Given(
            [
                .. ConversionLog.Arguments(path, options),
                ("strength", Math.Abs(strength).ToString("R", CultureInfo.InvariantCulture)),
            ]),
        },
        Sources = [LoggedSource.Of("model", model.Checkpoint, options.CancellationToken), brick.AsSource],
    };

    static LoadOptions Options(LanguageModel model) => new()
    {
        Threads = model.Compute.Threads, InstructionSet = model.Compute.InstructionSet, Precision = model.Compute.Precision, Context = model.AskedContext,
    };
}
