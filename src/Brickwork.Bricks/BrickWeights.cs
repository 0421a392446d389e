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
        /// <summary>A model whose weights hold a brick, such as W + strength·s·BA. The model must stay open as long as the result.</summary>
        /// <param name="brick">LoRA, DoRA, (IA)³, BitFit where the model has biases, BitDelta, or whole tensors.</param>
        /// <param name="strength">How strongly.</param>
        /// <exception cref="UnsupportedModelException">The brick is no change of weights, or changes a tensor that two parts share; or bricks are plugged into the model.</exception>
        /// <exception cref="RecipeException">The strength is no finite number, or one that the brick does not know.</exception>
        /// <exception cref="CheckpointException">The brick is for another model.</exception>
        public LanguageModel MergeBrick(Brick brick, float strength = 1) => model.MergeBrick(brick, new PlugOptions { Strength = strength });

        /// <inheritdoc cref="MergeBrick(LanguageModel, Brick, float)"/>
        /// <param name="brick">LoRA, DoRA, (IA)³, BitFit where the model has biases, BitDelta, or whole tensors.</param>
        /// <param name="options">How strongly, and whether other parents are allowed.</param>
        public LanguageModel MergeBrick(Brick brick, PlugOptions options) => LanguageModel.From(With(model, brick, options), Options(model));

        /// <summary>The inverse: a model whose weights held a brick, without it, up to rounding.</summary>
        /// <param name="brick">LoRA, (IA)³, BitFit or BitDelta.</param>
        /// <param name="strength">How strongly it was worked in.</param>
        /// <exception cref="UnsupportedModelException">What the brick did cannot be undone, or it changes a tensor that two parts share; or bricks are plugged into the model.</exception>
        /// <exception cref="CheckpointException">The model's log does not tell that this brick was worked in at this strength.</exception>
        public LanguageModel UnmergeBrick(Brick brick, float strength = 1) => model.UnmergeBrick(brick, new PlugOptions { Strength = strength });

        /// <inheritdoc cref="UnmergeBrick(LanguageModel, Brick, float)"/>
        /// <param name="brick">LoRA, (IA)³, BitFit or BitDelta.</param>
        /// <param name="options">How strongly it was worked in, and whether that is done whatever the log says.</param>
        public LanguageModel UnmergeBrick(Brick brick, PlugOptions options) => LanguageModel.From(Without(model, brick, options), Options(model));

        /// <summary>Writes a model whose weights hold a brick, tensor by tensor.</summary>
        /// <param name="brick">LoRA, DoRA, (IA)³, BitFit where the model has biases, BitDelta, or whole tensors.</param>
        /// <param name="plug">How strongly, and whether other parents are allowed.</param>
        /// <param name="path">A name that ends in <c>.gguf</c>, or else a folder in the form of Hugging Face.</param>
        /// <param name="options">Storage type and what to do with what is there.</param>
        /// <exception cref="CheckpointException">The target cannot be written, or the brick is for another model.</exception>
        /// <exception cref="UnsupportedModelException">The brick is no change of weights, or bricks are plugged into the model.</exception>
        public ConvertReport SaveMerged(Brick brick, PlugOptions plug, string path, ConvertOptions? options = null) => Save(With(model, brick, plug), path, options);

        /// <summary>Writes a model without a brick that its weights hold, tensor by tensor.</summary>
        /// <param name="brick">LoRA, (IA)³, BitFit or BitDelta.</param>
        /// <param name="plug">How strongly it was worked in, and whether that is done whatever the log says.</param>
        /// <param name="path">A name that ends in <c>.gguf</c>, or else a folder in the form of Hugging Face.</param>
        /// <param name="options">Storage type and what to do with what is there.</param>
        /// <exception cref="CheckpointException">The target cannot be written, or the model's log does not tell that this brick was worked in at this strength.</exception>
        /// <exception cref="UnsupportedModelException">What the brick did cannot be undone, or bricks are plugged into the model.</exception>
        public ConvertReport SaveUnmerged(Brick brick, PlugOptions plug, string path, ConvertOptions? options = null) => Save(Without(model, brick, plug), path, options);
    }

    static BrickCheckpoint With(LanguageModel model, Brick brick, PlugOptions options)
    {
        Check(model, brick, options);
        BrickPlugging.RequireParent(model, brick, options.AnyParent);
        return new BrickCheckpoint(model, brick, options.Strength);
    }

    static BrickCheckpoint Without(LanguageModel model, Brick brick, PlugOptions options)
    {
        Check(model, brick, options);
        HeldBricks.Require(model, brick, options);
        return new BrickCheckpoint(model, brick, options.Strength, WeightDirection.OutOf);
    }

    static void Check(LanguageModel model, Brick brick, PlugOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(brick);
        ArgumentNullException.ThrowIfNull(options);
        // The weights know nothing of what stands around them: it would be missing from the result.
        if (model.Bricks is { Count: > 0 } plugged)
            throw new UnsupportedModelException(
                $"{model.Config.Name} has {string.Join(", ", plugged.Select(other => $"'{other.Id}'"))} plugged in, which would be lost where the weights change for '{brick.Id}'; expected a model without plugged bricks.",
                "Name the model itself and not its stack; several bricks go into weights one after the other: brick plug BRICK -m MODEL --into-weights --out NEW.gguf");
    }

    static ConvertReport Save(BrickCheckpoint changed, string path, ConvertOptions? options)
    {
        options ??= new ConvertOptions();
        return ModelConverter.Convert(changed, path, options with
        {
            Operation = options.Operation ?? new LoggedOperation
            {
                Name = changed.Direction == WeightDirection.Into ? HeldBricks.Plug : HeldBricks.Unplug,
                Arguments = LoggedOperation.Given(
                [
                    .. ConversionLog.Arguments(path, options),
                    (HeldBricks.Strength, changed.Strength.ToString("R", CultureInfo.InvariantCulture)),
                    (HeldBricks.Content, changed.Brick.Manifest.Content),
                ]),
            },
            Sources = [LoggedSource.Of("model", changed.Model.Checkpoint, options.CancellationToken), changed.Brick.AsSource],
        });
    }

    static LoadOptions Options(LanguageModel model) => new()
    {
        Threads = model.Compute.Threads, InstructionSet = model.Compute.InstructionSet, Precision = model.Compute.Precision, Context = model.AskedContext,
    };
}
