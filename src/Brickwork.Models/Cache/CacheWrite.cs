using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Threading;

namespace Brickwork.Models.Cache;

/// <summary>Stores rows of keys and values, shared among threads by page and head.</summary>
static class CacheWrite
{
    public static void Run(Compute compute, KeyValueCache cache, int position, in Tensor keys, in Tensor values)
    {
        if (keys.Rows == 0)
            return;
        var firstPage = position / KeyValuePage.Positions;
        var pages = (position + keys.Rows - 1) / KeyValuePage.Positions - firstPage + 1;
        var job = new Job(cache, position, firstPage, keys, values);
        var chunks = pages * cache.Shape.KvHeads;
        if (keys.Rows > 4)
            compute.Team.Run(chunks, job);
        else
            for (var chunk = 0; chunk < chunks; chunk++)
                job.Run(chunk);
    }

    readonly struct Job(KeyValueCache cache, int position, int firstPage, Tensor keys, Tensor values) : IParallelJob
    {
        public void Run(int chunk)
        {
            var shape = cache.Shape;
            var (page, head) = (firstPage + chunk / shape.KvHeads, chunk % shape.KvHeads);
            var memory = cache.Head(page, head);
            var allKeys = keys.Floats;
            var allValues = values.Floats;
            var start = Math.Max(position, page * KeyValuePage.Positions);
            var end = Math.Min(position + keys.Rows, (page + 1) * KeyValuePage.Positions);
            for (var at = start; at < end; at++)
            {
                var part = (at - position) * shape.KvHeads + head;
                cache.Layout.Write(
                    memory, at % KeyValuePage.Positions, allKeys.Slice(part * shape.KeyWidth, shape.KeyWidth),
                    allValues.Slice(part * shape.ValueWidth, shape.ValueWidth));
            }
        }
    }
}
