using System.Globalization;
using Brickwork.Bricks.Make;
using Brickwork.Bricks.Plug;
using Brickwork.Bricks.Route;
using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork;

/// <summary>A fusion that is yet to be trained: it begins as the mean of what its bricks make of each slot.</summary>
public sealed record NewFusion
{
    /// <summary>The name under which it will be plugged.</summary>
    public string Id { get; init; } = "fusion";

    /// <summary>m, the width of queries and keys.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Decides the keys it begins with.</summary>
    public ulong Seed { get; init; }

    /// <summary>Makes the fusion of bricks for a model: Q and K in every slot where one of them stands.</summary>
    /// <exception cref="RecipeException">The width is not above 0, or there are no bricks.</exception>
    /// <exception cref="UnsupportedModelException">A part of a brick does not change what a slot gives.</exception>
    public Brick Make(LanguageModel model, IReadOnlyList<Brick> bricks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(bricks);
        if (Width < 1)
            throw new RecipeException($"The width of the fusion '{Id}' is {Width}; expected a number above 0.", "Give a width such as 16.");
        if (bricks.Count == 0)
            throw new RecipeException("A fusion was asked for without bricks.", "Name some: --plug BRICK, or --bricks FOLDER");
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var slot in RoutedParts.Of(model, bricks))
        {
            var (name, outputs) = (slot.First().Name.Text, BrickFusion.Outputs(model, slot.First()));
            tensors.Add(name + BrickTensors.FuseQuery, Tensor.Zeros(Width, outputs));
            var key = Tensor.Zeros(Width, outputs);
            FirstValues.Kaiming(Seed, name)(key);
            tensors.Add(name + BrickTensors.FuseKey, key);
        }
        return new Brick(new BrickManifest
        {
            Id = Id,
            Kind = BrickKind.Fusion,
            Slots = [.. tensors.Keys.Select(name => BrickTensors.Split(name)!.Value.Target).Distinct()],
            Members = [.. bricks.Select(brick => brick.Id)],
            Parent = model.Fingerprint,
            Log = OperationLog.After(Operation("new"), [.. bricks.Select(brick => brick.AsSource)]),
        }, tensors);
    }

    /// <summary>What a log says of it.</summary>
    internal LoggedOperation Operation(string name) => new()
    {
        Name = name,
        Arguments = LoggedOperation.Given(("kind", "fusion"), (ShortTrainingLog.Id, Id), (ShortTrainingLog.Width, Width.ToString(CultureInfo.InvariantCulture))),
        Seed = unchecked((long)Seed),
    };
}

/// <summary>Plugs bricks behind an attention that is trained to choose among what they do.</summary>
public static class BrickFusion
{
    extension(LanguageModel model)
    {
        /// <summary>The same model with bricks and a fusion of them; every weight is shared. It is listed and unplugged under the fusion's name.</summary>
        /// <param name="bricks">Those it was made of, in any order.</param>
        /// <param name="fusion">What <see cref="NewFusion.Make"/> began and training went on with.</param>
        /// <param name="options">Strength, and whether other parents are allowed.</param>
        /// <exception cref="RecipeException">A brick of the fusion is missing, or the name is taken.</exception>
        /// <exception cref="CheckpointException">A brick is for another model.</exception>
        public LanguageModel Fuse(IReadOnlyList<Brick> bricks, Brick fusion, PlugOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(bricks);
            ArgumentNullException.ThrowIfNull(fusion);
            options ??= new PlugOptions();
            Check(model, fusion);
            Brick[] members = [.. fusion.Manifest.Members.Select(id => bricks.FirstOrDefault(brick => brick.Id == id) ?? throw new RecipeException(
                $"The fusion '{fusion.Id}' is of brick '{id}', which is not there; found {string.Join(", ", bricks.Select(brick => brick.Id))}.", "Name all bricks it was trained with: --plug BRICK, or --bricks FOLDER"))];
            foreach (var brick in members.Append(fusion))
                BrickPlugging.RequireParent(model, brick, options.AnyParent);
            var decoder = model.Decoder;
            foreach (var slot in RoutedParts.Of(model, members))
            {
                var name = slot.First().Name.Text;
                var (width, outputs) = (fusion.Open(name + BrickTensors.FuseKey).Rows, Outputs(model, slot.First()));
                var (query, key) = (fusion.Matrix(name + BrickTensors.FuseQuery, width, outputs), fusion.Matrix(name + BrickTensors.FuseKey, width, outputs));
                decoder = decoder.With(slot.Key, new FusedAdapters(fusion.Id, decoder.Find(slot.Key))
                {
                    Strength = options.Strength,
                    Members = [.. slot.Select(part => part.Part)],
                    Query = query,
                    Key = key,
                    Weights = [(name + BrickTensors.FuseQuery, query), (name + BrickTensors.FuseKey, key)],
                });
            }
            return model.With(decoder);
        }

        /// <summary>The model with a fusion whose queries and keys can be trained; bricks and model stay as they are. <see cref="BrickTraining"/> takes it back.</summary>
        /// <param name="bricks">Those it was made of.</param>
        /// <param name="fusion">What to begin with.</param>
        /// <param name="options">How much memory that may take.</param>
        /// <exception cref="UnsupportedModelException">A part of the model or of a brick records no gradients.</exception>
        public TrainableModel TrainFusion(IReadOnlyList<Brick> bricks, Brick fusion, TrainableOptions? options = null) =>
            Trainable(model, bricks, fusion, options ?? new TrainableOptions(), anyParent: false);

        /// <summary>A fusion, trained on texts that its bricks are to share.</summary>
        /// <param name="bricks">Those it is made of.</param>
        /// <param name="fusion">What it begins as.</param>
        /// <param name="texts">The texts; the log of the fusion names them, so that <c>brick replay</c> makes it again.</param>
        /// <param name="options">Steps and rate.</param>
        /// <param name="steps">Told how many steps were made.</param>
        /// <param name="cancellation">Looked at before every step.</param>
        /// <exception cref="UnsupportedModelException">A part of the model or of a brick records no gradients.</exception>
        /// <exception cref="CorpusException">A text is missing, damaged or empty.</exception>
        public Brick TrainFusion(
            IReadOnlyList<Brick> bricks, NewFusion fusion, ExampleTexts texts, ShortTraining? options = null, IProgress<int>? steps = null, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(fusion);
            ArgumentNullException.ThrowIfNull(texts);
            options ??= new ShortTraining();
            var trained = Train(model, bricks, fusion.Make(model, bricks), texts.Batches(model), options, steps, cancellation);
            return trained.Describe(manifest => manifest with { Log = ShortTrainingLog.Of(fusion.Operation(ShortTrainingLog.Fusion), model, bricks, options, texts) });
        }

        /// <summary>The same with texts in memory, of which a log can say nothing; it goes on with any fusion.</summary>
        /// <param name="bricks">Those it was made of.</param>
        /// <param name="fusion">What to begin with.</param>
        /// <param name="batches">The texts, as tokens; they are read in turns.</param>
        /// <param name="options">Steps and rate.</param>
        /// <param name="steps">Told how many steps were made.</param>
        /// <param name="cancellation">Looked at before every step.</param>
        /// <exception cref="UnsupportedModelException">A part of the model or of a brick records no gradients.</exception>
        /// <exception cref="RecipeException">There are no texts.</exception>
        public Brick TrainFusion(
            IReadOnlyList<Brick> bricks, Brick fusion, IReadOnlyList<TokenBatch> batches, ShortTraining? options = null, IProgress<int>? steps = null, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(batches);
            options ??= new ShortTraining();
            return Train(model, bricks, fusion, batches, options, steps, cancellation)
                .Describe(manifest => manifest with { Log = ShortTrainingLog.Of(new LoggedOperation { Name = ShortTrainingLog.Fusion }, model, [.. bricks, fusion], options, texts: null) });
        }
    }

    static Brick Train(LanguageModel model, IReadOnlyList<Brick> bricks, Brick fusion, IReadOnlyList<TokenBatch> batches, ShortTraining options, IProgress<int>? steps, CancellationToken cancellation)
    {
        using var trainable = Trainable(model, bricks, fusion, options.Trainable, options.AnyParent);
        options.Run(trainable, batches, steps, cancellation);
        return trainable.Model.TakeBrick(fusion);
    }

    static TrainableModel Trainable(LanguageModel model, IReadOnlyList<Brick> bricks, Brick fusion, TrainableOptions options, bool anyParent) =>
        TrainableModel.OfBrick(model.Fuse(bricks, fusion, new PlugOptions { AnyParent = anyParent }), fusion.Id, options);

    /// <summary>How many values a slot gives.</summary>
    internal static int Outputs(LanguageModel model, RoutedPart part) =>
        Adapter.Innermost(model.Decoder.Find(part.Slot)) is Models.Parts.Linear linear ? linear.Weight.Rows : model.Config.Width;

    static void Check(LanguageModel model, Brick fusion)
    {
        if (fusion.Kind != BrickKind.Fusion)
            throw new RecipeException($"Brick '{fusion.Id}' is of the kind {fusion.Kind}; expected a fusion.", "Train one: brick route FOLDER --router fuse --examples FILE --out FUSION.brick");
        if (model.Bricks.Any(plugged => plugged.Id == fusion.Id))
            throw new RecipeException($"A brick '{fusion.Id}' is plugged into {model.Config.Name} already.", "Unplug it first.");
    }
}
