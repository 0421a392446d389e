namespace Brickwork.Models.Tests.BadInput;

/// <summary>Damages what a file says while the file stays sound: tensors and metadata that go, change places, or lie about themselves.</summary>
static class CheckpointMutation
{
    static readonly object[] Values =
        [0, 1, 2, 3, 6, 7, 31, 64, 4096, -1, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, 0f, -1f, 1e30f, float.NaN, "", "none", "yarn", "llama", "bert",
            true, false, Array.Empty<int>(), Array.Empty<string>(), new[] { 0, 1, 0, 1 }, new[] { 4, 0 }, new[] { int.MaxValue }, new[] { "a", "b" }, new[] { 0.5f }];

    public static MemoryCheckpoint Of(Checkpoint original, Random random)
    {
        var copy = new MemoryCheckpoint(original.Source);
        foreach (var (key, value) in original.Metadata)
            copy.Metadata.Set(key, value);
        var tensors = original.Tensors.ToDictionary(tensor => tensor.Name, tensor => original.Open(tensor.Name));
        for (var i = random.Next(1, 4); i > 0; i--)
            if (random.Next(2) == 0)
                ChangeMetadata(copy.Metadata, random);
            else
                ChangeTensor(tensors, random);
        foreach (var (name, tensor) in tensors)
            copy.Add(name, tensor);
        return copy;
    }

    static void ChangeMetadata(Metadata metadata, Random random)
    {
        string[] keys = [.. metadata.Select(pair => pair.Key)];
        var key = keys[random.Next(keys.Length)];
        switch (random.Next(4))
        {
            case 0: metadata.Remove(key); break;
            case 1: metadata.Set(key, metadata.Find(keys[random.Next(keys.Length)])!); break;
            case 2 when metadata.Find(key)!.Value is int or uint: metadata.Set(key, random.Next(-2, 70)); break;
            default: metadata.Set(key, Values[random.Next(Values.Length)]); break;
        }
    }

    static void ChangeTensor(Dictionary<string, Tensor> tensors, Random random)
    {
        string[] names = [.. tensors.Keys];
        if (names.Length == 0)
            return;
        var name = names[random.Next(names.Length)];
        var tensor = tensors[name];
        switch (random.Next(6))
        {
            case 0: tensors.Remove(name); break;
            case 1: tensors[name] = tensors[names[random.Next(names.Length)]]; break;
            case 2: tensors[names[random.Next(names.Length)] + ".again"] = tensor; break;
            case 3: tensors[name] = Tensor.Zeros(tensor.Type, Resized(tensor, random)); break;
            case 4: tensors[name] = Retyped(tensor, random); break;
            default: tensors[name] = Noise(tensor, random); break;
        }
    }

    static long[] Resized(Tensor tensor, Random random)
    {
        long[] shape = [.. Enumerable.Range(0, tensor.Shape.Rank).Select(index => tensor.Shape[index])];
        var dimension = random.Next(shape.Length);
        var step = dimension == shape.Length - 1 ? tensor.Type.BlockLength() : 1;
        shape[dimension] = random.Next(5) switch
        {
            0 => 0,
            1 => step,
            2 => shape[dimension] + step,
            3 => shape[dimension] * 2,
            _ => Math.Max(0, shape[dimension] - step),
        };
        return random.Next(4) == 0 ? [1, .. shape.Take(3)] : shape;
    }

    static Tensor Retyped(Tensor tensor, Random random)
    {
        DType[] types = [.. Enum.GetValues<DType>().Where(type => tensor.Columns % type.BlockLength() == 0)];
        return Tensor.Zeros(types[random.Next(types.Length)], [.. Enumerable.Range(0, tensor.Shape.Rank).Select(index => tensor.Shape[index])]);
    }

    /// <summary>Any bytes at all: scales and values that are huge, infinite or no numbers.</summary>
    static Tensor Noise(Tensor tensor, Random random)
    {
        var noise = Tensor.Zeros(tensor.Type, [.. Enumerable.Range(0, tensor.Shape.Rank).Select(index => tensor.Shape[index])]);
        for (var row = 0; row < noise.Rows; row++)
            random.NextBytes(noise.RowSpan(row, 1));
        return noise;
    }
}
