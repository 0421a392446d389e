#:project ../src/Brickwork.Models/Brickwork.Models.csproj
#:property PublishAot=false
// Shows the parts a model is made of and puts a probe around some: dotnet run examples/03-replace-a-part.cs [MODEL]
using Brickwork;

using var model = LanguageModel.Load(args.FirstOrDefault());
Show(model.Decoder, "");
// With gives another model that shares everything but the part replaced; the first one does not change.
var probed = model;
for (var layer = 0; layer < model.Config.Layers; layer++)
    probed = probed.With(SlotPath.Layer(layer), new Probe($"layer {layer}", model.Decoder.Find(SlotPath.Layer(layer))));
Console.WriteLine($"logits unchanged: {Logits(model).SequenceEqual(Logits(probed))}");

static void Show(IPart part, string indent)
{
    foreach (var slot in part.Slots.Where(slot => slot.Name is "layers.0" || !slot.Name.StartsWith("layers.")))   // all look alike
    {
        Console.WriteLine($"{(indent + slot.Name).PadRight(24)} {slot.Part.GetType().Name}");
        Show(slot.Part, indent + "  ");
    }
}

static float[] Logits(LanguageModel model)
{
    using var runner = model.CreateRunner();
    using var sequence = runner.StartSequence();
    return runner.Forward(sequence, model.Tokenizer.Encode("Once upon a time", EncodeOptions.All)).Floats.ToArray();
}

/// <summary>Passes everything on to the part inside, which stays reachable as a slot, and says how large its result is.</summary>
sealed class Probe(string name, IPart inside) : IPart
{
    public IReadOnlyList<Slot> Slots => [new Slot("inside", inside, part => new Probe(name, part))];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = inside.Forward(input, context);
        Console.WriteLine($"{name}: {output.Shape}, largest value {output.Floats.ToArray().Max(Math.Abs):F3}");
        return output;
    }
}
