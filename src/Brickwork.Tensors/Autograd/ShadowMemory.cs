using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Autograd;

/// <summary>For every storage another one as large, in which gradients lie where the values lie in the first.</summary>
/// <remarks>
/// A view, a slice, a reshaped or shared tensor thereby finds its gradient without bookkeeping, and an operation that changes its values
/// in place may change their gradients in place.
/// </remarks>
sealed class ShadowMemory(Compute compute) : IDisposable
{
    readonly Dictionary<TensorStorage, NativeStorage> _shadows = new(ReferenceEqualityComparer.Instance);

    /// <summary>The gradient's place, zero when its storage is first asked for.</summary>
    public Tensor Of(Tensor value)
    {
        if (!_shadows.TryGetValue(value.Memory, out var shadow))
            _shadows[value.Memory] = shadow = new NativeStorage(value.Memory.Length);
        return value.In(shadow);
    }

    /// <summary>Makes some stretches of the shadow of a storage zero.</summary>
    public void Clear(TensorStorage storage, IReadOnlyList<(long From, long To)> stretches)
    {
        if (_shadows.TryGetValue(storage, out var shadow))
            foreach (var (from, to) in stretches)
                compute.Team.Run((int)((to - from + ClearJob.ChunkBytes - 1) / ClearJob.ChunkBytes), new ClearJob(shadow, from, to));
    }

    public void Dispose()
    {
        foreach (var shadow in _shadows.Values)
            shadow.Dispose();
        _shadows.Clear();
    }

    readonly struct ClearJob(NativeStorage shadow, long from, long to) : IParallelJob
    {
        public const int ChunkBytes = 1 << 20;

        public void Run(int chunk)
        {
            var start = from + (long)chunk * ChunkBytes;
            shadow.Bytes(start, (int)Math.Min(ChunkBytes, to - start)).Clear();
        }
    }
}
