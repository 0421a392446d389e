using BenchmarkDotNet.Attributes;
using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;
using Brickwork.Tensors.Storage;

namespace Brickwork.Benchmarks;

/// <summary>Attention in the shape of a 1.1B Llama behind 1024 positions: one row as in writing, 64 as in reading.</summary>
public class AttentionSteps : KernelBenchmark, IDisposable
{
    const int Context = 1024, Heads = 32, KvHeads = 4, Width = 64;

    readonly Arena _arena = new();
    readonly PagePool _pool = new();
    Compute _compute = null!;
    KeyValueCache _cache = null!;
    AttentionPlan _plan = null!;
    Tensor _queries, _outputs;

    static readonly AttentionOptions Options = new() { Heads = Heads, KvHeads = KvHeads, KeyWidth = Width, ValueWidth = Width, Scale = 0.125f };

    [ParamsAllValues]
    public CacheType Cache { get; set; }

    [Params(1, 64)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _compute = new Compute(threads: 1, Path);
        _cache = new KeyValueCache(_pool, Shape);
        _cache.Append(_compute, ProductWeights.Inputs(Context, KvHeads * Width), ProductWeights.Inputs(Context, KvHeads * Width));
        _queries = ProductWeights.Inputs(Rows, Heads * Width);
        _outputs = Tensor.Zeros(Rows, Heads * Width);
        _plan = new AttentionPlan(_compute, _arena);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _cache?.Dispose();
        _compute?.Dispose();
        _pool.Dispose();
        _arena.Dispose();
        GC.SuppressFinalize(this);
    }

    public override KernelWork WorkOf(string method) =>
        new(4.0 * Heads * Width * Rows * (Context - (Rows - 1) / 2.0), (double)Shape.PageBytes * Context / KeyValuePage.Positions);

    CacheShape Shape => new(KvHeads, Width, Width, Cache);

    [Benchmark]
    public void Attend()
    {
        _plan.Begin(_queries, Options, _outputs);
        _plan.Add(new AttentionSegment(_cache, 0, Rows, Context - Rows));
        PagedAttention.Run(_plan);
    }
}
