using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Brickwork.Inference.Generation;

/// <summary>Runs a synchronous stream of maths on a thread of its own and hands its items to an asynchronous reader.</summary>
static class BackgroundStream
{
    // The maths may run a little ahead of a slow reader, not to the end of the text.
    const int Ahead = 16;

    /// <summary>The items of <paramref name="source"/>, which sees the reader's cancellation, also when the reader stops early.</summary>
    internal static async IAsyncEnumerable<T> Run<T>(
        Func<CancellationToken, IEnumerable<T>> source, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        var worker = Task.Factory.StartNew(
            () => Produce(source, channel.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return item;
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await worker.ConfigureAwait(false);
        }
    }

    // Faults travel through the channel to the reader, so the worker itself never fails.
    static void Produce<T>(Func<CancellationToken, IEnumerable<T>> source, ChannelWriter<T> writer, CancellationToken stop)
    {
        Exception? fault = null;
        try
        {
            foreach (var item in source(stop))
                if (!writer.TryWrite(item))
                    writer.WriteAsync(item, stop).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception any)
        {
            fault = any;
        }

        writer.Complete(fault);
    }
}
