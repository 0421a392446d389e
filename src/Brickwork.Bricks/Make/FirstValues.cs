namespace Brickwork.Bricks.Make;

/// <summary>Values that new tensors begin with. Each tensor has random numbers of its own, by seed and name.</summary>
static class FirstValues
{
    /// <summary>Uniform within ±1/√columns: what Kaiming's rule gives with a = √5, as PEFT uses it.</summary>
    public static Action<Tensor> Kaiming(ulong seed, string name) => tensor => Uniform(tensor, seed, name, 1 / Math.Sqrt(tensor.Columns));

    public static Action<Tensor> Constant(float value) => tensor => tensor.Floats.Fill(value);

    /// <summary>Normally distributed about 0.</summary>
    public static Action<Tensor> Normal(ulong seed, string name, double deviation) => tensor =>
    {
        var random = Numbers(seed, name);
        foreach (ref var value in tensor.Floats)
            value = (float)(random.NextGaussian() * deviation);
    };

    // FNV-1a, so that each tensor has a row of numbers of its own.
    static SeededRandom Numbers(ulong seed, string name) => new((long)name.Aggregate(seed ^ 0xcbf29ce484222325, (hash, letter) => unchecked((hash ^ letter) * 0x100000001b3)));

    static void Uniform(Tensor tensor, ulong seed, string name, double bound)
    {
        var random = Numbers(seed, name);
        foreach (ref var value in tensor.Floats)
            value = (float)((2 * random.NextDouble() - 1) * bound);
    }
}
