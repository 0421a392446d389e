using System.Globalization;
using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Formats.Log;

namespace Brickwork;

/// <summary>A brick that is yet to be trained: where it stands and what it begins with. Plugged as it is, it changes nothing.</summary>
public abstract record NewBrick
{
    /// <summary>The name under which it will be plugged.</summary>
    public required string Id { get; init; }

    /// <summary>The slots it changes.</summary>
    public required SlotPattern Targets { get; init; }

    /// <summary>Decides the values it begins with.</summary>
    public ulong Seed { get; init; }

    /// <summary>Under which terms it may be used; null = not said.</summary>
    public string? Licence { get; init; }

    /// <summary>What kind of brick it becomes.</summary>
    public abstract BrickKind Kind { get; }

    /// <summary>What it is made of, as its manifest says.</summary>
    internal virtual string Granularity => "matrix";

    /// <summary>All projections of attention and feed-forward parts.</summary>
    internal static SlotPattern LinearLayers { get; } = new("layers.*.{attention,feedForward}.{query,key,value,output,gate,up,down}");

    /// <summary>Makes the brick for a model.</summary>
    /// <exception cref="SlotNotFoundException">The pattern means no slot of the model.</exception>
    /// <exception cref="RecipeException">A size is out of range, or a slot that is meant cannot take such a brick.</exception>
    public Brick Make(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Check();
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var made in List(model))
            tensors[made.Name] = made.Make();
        return new Brick(new BrickManifest
        {
            Id = Id,
            Kind = Kind,
            Granularity = Granularity,
            Slots = [.. Targets.Find(model.Decoder).Select(slot => slot.Text)],
            Parent = model.Fingerprint,
            Licence = Licence,
            Log =
            [
                new LoggedOperation
                {
                    Name = "new",
                    Arguments = LoggedOperation.Given([.. Settings.Select(setting => (setting.Name, string.Create(CultureInfo.InvariantCulture, $"{setting.Value}")))]),
                    Inputs = [new LoggedInput("model", LoggedSource.NameOf(model.Checkpoint.Source), null, 0)],
                },
            ],
        }, tensors);
    }

    /// <summary>How many values would be trained, counted without making them.</summary>
    /// <exception cref="SlotNotFoundException">The pattern means no slot of the model.</exception>
    public long CountParameters(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Check();
        return List(model).Where(made => BrickTensors.IsTrained(made.Name)).Sum(made => made.Shape.Count);
    }

    /// <summary>Everything that decides what it is when it begins.</summary>
    internal virtual IEnumerable<(string Name, object? Value)> Settings => [("kind", Kind), ("id", Id), ("targets", Targets.Text), ("seed", Seed), .. Licence is null ? [] : new (string, object?)[] { ("licence", Licence) }];

    /// <summary>What makes no sense, whatever the model, each in one sentence.</summary>
    internal virtual IEnumerable<string> Faults()
    {
        if (!BrickId.IsValid(Id))
            yield return $"'brick.name' is '{Id}'; expected a name that a file may have.";
        if (Licence is { } licence && string.IsNullOrWhiteSpace(licence))
            yield return "'brick.licence' is empty; expected the terms, such as MIT.";
    }

    /// <summary>Every tensor, without making it.</summary>
    internal abstract IEnumerable<NewTensor> List(LanguageModel model);

    /// <summary>Tokens that it puts before every text.</summary>
    internal virtual int VirtualTokens => 0;

    /// <summary>The projections that are meant.</summary>
    internal IEnumerable<(string Name, Projection Projection)> Projections(LanguageModel model)
    {
        var index = new TargetIndex(model);
        foreach (var slot in Targets.Find(model.Decoder))
            yield return index.Find(slot.Text) is [var projection] ? (index.NameOf(projection), projection) : throw new RecipeException(
                $"The pattern '{Targets}' means slot '{slot}', in which stands a {model.Decoder.Find(slot).GetType().Name}; {Kind} changes projections only.",
                "Name the projections: layers.*.attention.{query,key,value,output}, layers.*.feedForward.{gate,up,down}");
    }

    /// <exception cref="RecipeException">There is a fault.</exception>
    void Check()
    {
        if (Faults().FirstOrDefault() is { } fault)
            throw new RecipeException(fault, "Give a size such as 8.");
    }

    internal static IEnumerable<string> Positive(int value, string name)
    {
        if (value < 1)
            yield return $"'brick.{name}' is {value}; expected at least 1.";
    }
}

/// <summary>A tensor of a brick that is yet to be made.</summary>
/// <param name="Name">Its name in the brick.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Fill">Sets its values; it is zero before.</param>
/// <param name="Type">How it is stored.</param>
sealed record NewTensor(string Name, Shape Shape, Action<Tensor>? Fill = null, DType Type = DType.F32)
{
    public Tensor Make()
    {
        var tensor = Tensor.Zeros(Type, Shape);
        Fill?.Invoke(tensor);
        return tensor;
    }
}
