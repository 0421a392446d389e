using Brickwork.Formats.BrickFiles;

namespace Brickwork.Bricks.Make;

/// <summary>BA − B₀A₀ as one product of twice the rank: what PiSSA has learnt, for the weights it began in.</summary>
/// <remarks>Meng et al. 2024, appendix "converting PiSSA to LoRA".</remarks>
static class PissaConversion
{
    public static Brick ToLora(BrickManifest manifest, OrderedDictionary<string, Tensor> tensors)
    {
        var converted = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            var (target, role) = BrickTensors.Split(name)!.Value;
            if (role == BrickTensors.LoraDown)
                converted.Add(name, Below(tensor, tensors[target + BrickTensors.StartDown]));
            else if (role == BrickTensors.LoraUp)
                converted.Add(name, Beside(tensor, tensors[target + BrickTensors.StartUp]));
            else if (role == BrickTensors.LoraFactor)
                converted.Add(name, tensor);
        }
        return new Brick(manifest with { Kind = BrickKind.Lora }, converted);
    }

    /// <summary>[A; A₀].</summary>
    static Tensor Below(Tensor now, Tensor start)
    {
        var both = Tensor.Zeros(now.Rows + start.Rows, now.Columns);
        now.Floats.CopyTo(both.Floats);
        start.Floats.CopyTo(both.Floats[now.Floats.Length..]);
        return both;
    }

    /// <summary>[B, −B₀].</summary>
    static Tensor Beside(Tensor now, Tensor start)
    {
        var both = Tensor.Zeros(now.Rows, now.Columns + start.Columns);
        for (var row = 0; row < now.Rows; row++)
        {
            now.Row(row).CopyTo(both.Row(row));
            for (var column = 0; column < start.Columns; column++)
                both.Row(row)[now.Columns + column] = -start.Row(row)[column];
        }
        return both;
    }
}
