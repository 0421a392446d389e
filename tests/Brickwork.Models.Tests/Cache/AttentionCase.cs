using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;
using Brickwork.Tensors.Storage;

namespace Brickwork.Models.Tests.Cache;

/// <summary>A sequence of random queries, keys and values, and ways to run attention over it.</summary>
sealed class AttentionCase
{
    public AttentionCase(AttentionOptions options, int length, CacheType type = CacheType.F32, int seed = 1, int? window = null)
    {
        (Options, Length) = (options, length);
        Shape = new CacheShape(options.KvHeads, options.KeyWidth, options.ValueWidth, type, window);
        Queries = Random(seed, length, options.Heads * options.KeyWidth);
        Keys = Random(seed + 1, length, options.KvHeads * options.KeyWidth);
        Values = Random(seed + 2, length, options.KvHeads * options.ValueWidth);
    }

    public AttentionOptions Options { get; }

    public int Length { get; }

    public CacheShape Shape { get; }

    public Tensor Queries { get; }

    public Tensor Keys { get; }

    public Tensor Values { get; }

    public static AttentionOptions Form(int heads = 4, int kvHeads = 2, int keyWidth = 16, int? valueWidth = null) => new()
    {
        Heads = heads, KvHeads = kvHeads, KeyWidth = keyWidth, ValueWidth = valueWidth ?? keyWidth, Scale = 1 / MathF.Sqrt(keyWidth),
    };

    /// <summary>The outputs of all rows, the prompt cut into pieces of these lengths and the rest one by one.</summary>
    public float[] Run(InstructionSet path, int threads, params int[] pieces)
    {
        using var compute = new Compute(threads, path);
        using var pool = new PagePool();
        using var cache = new KeyValueCache(pool, Shape);
        var output = Tensor.Zeros(Length, Options.Heads * Options.ValueWidth);
        var piece = 0;
        for (var row = 0; row < Length; piece++)
        {
            var rows = Math.Min(piece < pieces.Length ? pieces[piece] : 1, Length - row);
            Step(compute, cache, row, rows, output);
            row += rows;
        }
        return output.Floats.ToArray();
    }

    /// <summary>Appends some rows and lets them look.</summary>
    public void Step(Compute compute, KeyValueCache cache, int row, int rows, in Tensor output)
    {
        cache.Append(compute, Keys.SliceRows(row, rows), Values.SliceRows(row, rows));
        Attend(compute, Queries.SliceRows(row, rows), [new AttentionSegment(cache, 0, rows, row)], Options, output.SliceRows(row, rows));
    }

    /// <summary>One call of attention.</summary>
    public static void Attend(Compute compute, Tensor queries, ReadOnlySpan<AttentionSegment> segments, AttentionOptions options, Tensor output)
    {
        using var arena = new Arena();
        var plan = new AttentionPlan(compute, arena);
        plan.Begin(queries, options, output);
        foreach (var segment in segments)
            plan.Add(segment);
        PagedAttention.Run(plan);
    }

    static Tensor Random(int seed, int rows, int columns)
    {
        var random = new Random(seed);
        return Tensor.From([.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextDouble() * 4 - 2)], rows, columns);
    }
}
