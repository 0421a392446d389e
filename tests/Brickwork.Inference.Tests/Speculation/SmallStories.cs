using System.Globalization;

namespace Brickwork.Inference.Tests.Speculation;

/// <summary>The first layers of the trained model, as a model of their own: it guesses well, but not always.</summary>
static class SmallStories
{
    const int Layers = 4;

    internal static LanguageModel Load()
    {
        using var whole = CheckpointFile.Open(Stories.Path);
        var checkpoint = new MemoryCheckpoint("the first layers of stories260k");
        foreach (var (key, value) in whole.Metadata)
            checkpoint.Metadata.Set(key, value);
        checkpoint.Metadata.Set("llama.block_count", Layers);
        foreach (var tensor in whole.Tensors)
            if (LayerOf(tensor.Name) is not >= Layers)
                checkpoint.Add(tensor.Name, Copy(whole.Open(tensor.Name)));
        return LanguageModel.From(checkpoint, new LoadOptions { Precision = Precision.Exact, Threads = 1 });
    }

    static int? LayerOf(string name) =>
        name.Split('.') is ["blk", var number, ..] ? int.Parse(number, CultureInfo.InvariantCulture) : null;

    static Tensor Copy(Tensor tensor)
    {
        // The file is closed before the model is used.
        var copy = tensor.Shape.Rank == 1 ? Tensor.Zeros(tensor.Shape[0]) : Tensor.Zeros(tensor.Rows, tensor.Columns);
        tensor.Floats.CopyTo(copy.Floats);
        return copy;
    }
}
