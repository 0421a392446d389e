using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Models.Parts;
using Brickwork.Tensors.Weights;

namespace Brickwork.Cli.Benchmarks;

/// <summary>What the matrix products of one token take: the bytes of stored weights they read, and the operations they do on them.</summary>
/// <remarks>Attention over what stands before, norms and activations are left out: at short contexts they are a few percent.</remarks>
/// <param name="Bytes">Stored bytes.</param>
/// <param name="ByteOperations">Multiplications and additions in products whose inputs are rounded to bytes.</param>
/// <param name="FloatOperations">The others.</param>
readonly record struct TokenWork(double Bytes, double ByteOperations, double FloatOperations)
{
    public double Operations => ByteOperations + FloatOperations;

    /// <summary>Writing a token: every matrix once, a row of the embedding table, and of a mixture only the experts that a row uses.</summary>
    public static TokenWork OfWriting(LanguageModel model) => Of(model.Decoder, model.Compute);

    /// <summary>Reading one of a prompt's tokens: only the last one goes through the head.</summary>
    public static TokenWork OfReading(LanguageModel model, int promptTokens)
    {
        var all = OfWriting(model);
        return model.Decoder.Head is { } head ? all - Of(head, model.Compute) * (1 - 1.0 / promptTokens) : all;
    }

    /// <summary>The shortest time in which these threads could do it, if nothing but arithmetic took time.</summary>
    public double Seconds(MachineLimits limits) =>
        ByteOperations / ((limits.ByteGigaops ?? limits.Gigaflops) * 1e9) + FloatOperations / (limits.Gigaflops * 1e9);

    public static TokenWork operator +(TokenWork a, TokenWork b) =>
        new(a.Bytes + b.Bytes, a.ByteOperations + b.ByteOperations, a.FloatOperations + b.FloatOperations);

    public static TokenWork operator *(TokenWork work, double factor) =>
        new(work.Bytes * factor, work.ByteOperations * factor, work.FloatOperations * factor);

    public static TokenWork operator -(TokenWork a, TokenWork b) => a + b * -1;

    static TokenWork Of(IPart part, Compute compute) => part switch
    {
        Linear linear => Of(linear.Weight, compute),
        Embedding embedding => Below(embedding, compute) with { Bytes = embedding.Tokens.Type.RowBytes(embedding.Tokens.Columns) },
        MixtureOfExperts mixture => Below(mixture, compute) - Sum(mixture.Experts, compute) * (1 - (double)mixture.Routing.Used / mixture.Experts.Count),
        _ => Below(part, compute),
    };

    static TokenWork Of(WeightMatrix weight, Compute compute)
    {
        var operations = 2.0 * weight.Rows * weight.Columns;
        var rounds = WeightMatrix.MayUseBlocks(compute, weight.Columns) && PanelProduct.Find(weight.Stored.Type) is not null;
        return new TokenWork((double)weight.Stored.Type.RowBytes(weight.Columns) * weight.Rows, rounds ? operations : 0, rounds ? 0 : operations);
    }

    static TokenWork Below(IPart part, Compute compute) => Sum(part.Slots.Select(slot => slot.Part), compute);

    static TokenWork Sum(IEnumerable<IPart> parts, Compute compute) => parts.Aggregate(default(TokenWork), (sum, part) => sum + Of(part, compute));
}
