using Brickwork.Bricks.Plug;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork;

/// <summary>A brick that is plugged into a model.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Strength">How strongly it works where a text does not say otherwise.</param>
/// <param name="Slots">Where its parts stand.</param>
public sealed record PluggedBrick(string Id, float Strength, IReadOnlyList<SlotPath> Slots);

/// <summary>How a brick is plugged.</summary>
public sealed record PlugOptions
{
    /// <summary>How strongly it works where a text does not say otherwise: 0 = not at all, 1 = as it was made.</summary>
    public float Strength { get; init; } = 1;

    /// <summary>Whether a brick may be plugged that was made for a model of another hash, such as the same one before it was quantized.</summary>
    public bool AnyParent { get; init; }
}

/// <summary>Plugs bricks into models and takes them out again.</summary>
public static class BrickPlugging
{
    extension(LanguageModel model)
    {
        /// <summary>The bricks that are plugged in, by the first slot they stand in.</summary>
        public IReadOnlyList<PluggedBrick> Bricks =>
        [
            .. PluggedBricks.Of(model.Decoder).GroupBy(entry => entry.Part.Brick)
                .Select(group => new PluggedBrick(group.Key, group.First().Part.Strength, [.. group.Select(entry => entry.Slot)])),
        ];

        /// <summary>The same model with a brick; every weight is shared. Both may be used and disposed independently.</summary>
        /// <param name="brick">The brick.</param>
        /// <param name="strength">How strongly it works where a text does not say otherwise.</param>
        /// <exception cref="CheckpointException">The brick is for another model.</exception>
        /// <exception cref="RecipeException">A brick of that name is plugged in already, or this one knows no such strength.</exception>
        /// <exception cref="UnsupportedModelException">A part of the model cannot take this brick.</exception>
        public LanguageModel Plug(Brick brick, float strength = 1) => model.Plug(brick, new PlugOptions { Strength = strength });

        /// <summary>The same model with a brick; every weight is shared. Both may be used and disposed independently.</summary>
        /// <param name="brick">The brick.</param>
        /// <param name="options">How.</param>
        /// <exception cref="CheckpointException">The brick is for another model.</exception>
        /// <exception cref="RecipeException">A brick of that name is plugged in already, or this one knows no such strength.</exception>
        /// <exception cref="UnsupportedModelException">A part of the model cannot take this brick.</exception>
        public LanguageModel Plug(Brick brick, PlugOptions options)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(brick);
            ArgumentNullException.ThrowIfNull(options);
            if (!float.IsFinite(options.Strength))
                throw new RecipeException($"Brick '{brick.Id}' is asked for at strength {options.Strength}; expected a finite number.", "Give a strength such as 0.5.");
            if (model.Bricks.Any(plugged => plugged.Id == brick.Id))
                throw new RecipeException($"A brick '{brick.Id}' is plugged into {model.Config.Name} already.", "Unplug it first, or give this one another name.");
            RequireParent(model, brick, options.AnyParent);
            var decoder = model.Decoder;
            foreach (var part in new BrickParts(brick, model).Plan())
            {
                var adapter = part.Around(decoder.Find(part.Slot)) with { Strength = options.Strength };
                PluggedBricks.CheckStrength(adapter, options.Strength);
                decoder = decoder.With(part.Slot, adapter);
            }
            return model.With(decoder);
        }

        /// <summary>The same model without a brick: bit for bit what it was.</summary>
        /// <exception cref="RecipeException">No such brick is plugged in.</exception>
        public LanguageModel Unplug(string id)
        {
            ArgumentNullException.ThrowIfNull(model);
            if (model.Bricks.All(plugged => plugged.Id != id))
                throw new RecipeException($"No brick '{id}' is plugged into {model.Config.Name}; found {(model.Bricks.Count == 0 ? "none" : string.Join(", ", model.Bricks.Select(plugged => plugged.Id)))}.",
                    "List what is plugged: brick plug --list");
            return model.With(PluggedBricks.Without(model.Decoder, id));
        }
    }

    /// <exception cref="CheckpointException">The brick is for another model.</exception>
    internal static void RequireParent(LanguageModel model, Brick brick, bool anyParent)
    {
        if (!anyParent && brick.Manifest.Parent is { } parent && parent != model.Fingerprint)
            throw new CheckpointException($"Brick '{brick.Id}' was made for the model {parent}; {model.Config.Name} is {model.Fingerprint}.",
                "Take the model it was made for. Where this is the same one stored in another type, allow it: --any-parent");
        if (brick.Origin?.Family is { } family && family != model.Config.Family)
            throw new CheckpointException($"Brick '{brick.Id}' says that it is for a model of the family '{family}'; {model.Config.Name} is of the family '{model.Config.Family}'.", "Name its model with -m, or take a brick that was made for this one.");
        if (brick.Origin?.Layers is { } layers && layers > model.Config.Layers)
            throw new CheckpointException($"Brick '{brick.Id}' says that it is for a model of {layers} layers; {model.Config.Name} has {model.Config.Layers}.", "Name its model with -m, or take a brick that was made for this one.");
    }
}
