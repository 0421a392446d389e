using System.Runtime.InteropServices;
using Brickwork.Formats;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Threading;

namespace Brickwork.Models.Conversion;

sealed partial class TensorConversion
{
    // Long enough for the system to write, short enough for a cache.
    const int PartsAtOnce = 32;

    public delegate void PlaceAction(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Whether tensors may be made and rewritten part by part: no column counts more than another.</summary>
    public bool Streams => importance is null;

    /// <summary>Makes a tensor and hands its bytes over with their places, from several threads at once.</summary>
    /// <exception cref="CheckpointException">A value cannot be written in that type.</exception>
    public void Run(string name, string source, ITensorStream stream, DType type, PlaceAction write)
    {
        var perChunk = stream.PartLength * PartsAtOnce;
        team.Run((int)((stream.Shape.Count + perChunk - 1) / perChunk), new StreamJob(name, source, stream, type, write, perChunk, cancellation));
    }

    readonly struct StreamJob(string name, string source, ITensorStream stream, DType type, PlaceAction write, int perChunk, CancellationToken cancellation) : IParallelJob
    {
        public void Run(int chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            var (first, end) = ((long)chunk * perChunk, Math.Min(stream.Shape.Count, (chunk + 1L) * perChunk));
            var values = MemoryMarshal.Cast<byte, float>(ThreadScratch<Values>.Take(stream.PartLength * sizeof(float)));
            var bytes = ThreadScratch<Bytes>.Take((int)BytesOf(end - first));
            for (var part = first; part < end; part += stream.PartLength)
            {
                var own = values[..(int)Math.Min(stream.PartLength, end - part)];
                stream.Read((int)part, own);
                Write(own, part, bytes.Slice((int)BytesOf(part - first), (int)BytesOf(own.Length)));
            }
            write(BytesOf(first), bytes);
            stream.Release((int)first, (int)(end - first));
        }

        long BytesOf(long count) => type.RowBytes(count);

        void Write(ReadOnlySpan<float> values, long first, Span<byte> bytes)
        {
            try
            {
                Quantizer.Run(type, values, bytes);
            }
            catch (ArgumentException fault)
            {
                throw Refused(name, source, type, values, first, stream.Shape.Columns, fault);
            }
        }

        struct Values;

        struct Bytes;
    }
}
