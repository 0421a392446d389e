namespace Brickwork.Tensors.Tests.Optimizers;

/// <summary>Parameters of odd sizes with seeded values and gradients.</summary>
static class SampleParameters
{
    public static List<Parameter> Some(int seed = 1) =>
    [
        Random("token_embd.weight", seed, 37, 24),
        Random("blk.0.attn_q.weight", seed + 1, 40, 24),
        Random("blk.0.ffn_down.weight", seed + 2, 24, 1001),
        Random("blk.0.attn_norm.weight", seed + 3, 24),
    ];

    public static Parameter Random(string name, int seed, params long[] dimensions)
    {
        var parameter = new Parameter(name, Tensor.Zeros(dimensions), Tensor.Zeros(dimensions));
        Fill(parameter.Value, new SeededRandom(seed));
        Fill(parameter.Gradient, new SeededRandom(seed + 1000));
        return parameter;
    }

    public static void Fill(Tensor tensor, SeededRandom random)
    {
        foreach (ref var value in tensor.Floats)
            value = (float)random.NextGaussian();
    }

    /// <summary>Other gradients, as the next batch would bring.</summary>
    public static void NextGradients(IEnumerable<Parameter> parameters, int seed)
    {
        foreach (var parameter in parameters)
            Fill(parameter.Gradient, new SeededRandom(seed++));
    }

    public static float[] Values(IEnumerable<Parameter> parameters) => [.. parameters.SelectMany(parameter => parameter.Value.Floats.ToArray())];
}
