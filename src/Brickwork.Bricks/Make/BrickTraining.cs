using Brickwork.Bricks.Make;
using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork;

/// <summary>Makes the bricks of a model trainable, and takes what was trained back as bricks.</summary>
public static class BrickTraining
{
    extension(LanguageModel model)
    {
        /// <summary>The model with a brick whose tensors can be trained; the model's own weights stay as they are. The brick does not change.</summary>
        /// <param name="brick">What to begin with.</param>
        /// <param name="options">Which of its tensors are trained, and how much memory that may take.</param>
        /// <exception cref="UnsupportedModelException">A part of the model or of the brick records no gradients, or a tensor of the brick that is wanted cannot be trained.</exception>
        public TrainableModel TrainBrick(Brick brick, TrainableOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(brick);
            options ??= new TrainableOptions();
            var plugged = model.Plug(brick.As(DType.F32));
            var trained = Weights(plugged, brick);
            if (brick.Tensors.Keys.FirstOrDefault(name => BrickTensors.IsTrained(name) && options.Trains(name) && !trained.ContainsKey(name)) is not { } resting)
                return TrainableModel.OfBrick(plugged, brick.Id, options);
            plugged.Dispose();
            throw new UnsupportedModelException($"Tensor '{resting}' of brick '{brick.Id}' cannot be trained with it: whole tensors stay as they are, and gates are trained by themselves.",
                $"Leave it as it is, with the option {nameof(TrainableOptions.Trains)}, or train whole tensors as weights of the model, and gates with {nameof(BrickGates.TrainGates)}.");
        }

        /// <summary>A brick as it stands in the model now, with every value that training changed. PiSSA becomes a LoRA of twice its rank, which needs no other weights.</summary>
        /// <param name="brick">The brick that was plugged.</param>
        /// <exception cref="RecipeException">It is not plugged in.</exception>
        public Brick TakeBrick(Brick brick)
        {
            ArgumentNullException.ThrowIfNull(brick);
            var weights = Weights(model, brick);
            if (weights.Count == 0)
                throw new RecipeException($"No brick '{brick.Id}' is plugged into {model.Config.Name}.", "Take it from the model it was trained in.");
            var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var (name, tensor) in brick.Tensors)
                tensors.Add(name, weights.TryGetValue(name, out var now) ? Tensor.From(now.ToFloats().Floats, tensor.Shape.Dimensions) : tensor);
            return brick.Kind == BrickKind.Pissa ? PissaConversion.ToLora(brick.Manifest, tensors) : new Brick(brick.Manifest, tensors);
        }
    }

    /// <summary>What can be trained of a brick as it is plugged, by name.</summary>
    static Dictionary<string, Tensor> Weights(LanguageModel model, Brick brick) =>
        PluggedBricks.Of(model.Decoder).Where(entry => entry.Part.Brick == brick.Id).SelectMany(entry => entry.Part.Weights).DistinctBy(weight => weight.Name)
            .ToDictionary(weight => weight.Name, weight => weight.Values, StringComparer.Ordinal);
}
