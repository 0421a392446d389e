using Brickwork.Inference.Generation;

namespace Brickwork.Inference.Tests.Generation;

public sealed class BackgroundStreamTests
{
    [Fact]
    public async Task Items_come_in_order_and_from_another_thread()
    {
        List<int> items = [];
        var here = Environment.CurrentManagedThreadId;
        await foreach (var item in BackgroundStream.Run(_ => Count(100), CancellationToken.None))
            items.Add(item);
        items.ShouldBe(Enumerable.Range(0, 100));

        IEnumerable<int> Count(int length)
        {
            Environment.CurrentManagedThreadId.ShouldNotBe(here);
            for (var item = 0; item < length; item++)
                yield return item;
        }
    }

    [Fact]
    public async Task A_reader_that_stops_early_stops_the_source()
    {
        var made = 0;
        await foreach (var item in BackgroundStream.Run(Endless, CancellationToken.None))
            if (item == 5)
                break;
        var afterwards = made;
        afterwards.ShouldBeLessThan(100);
        await Task.Delay(20);
        made.ShouldBe(afterwards);

        IEnumerable<int> Endless(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
                yield return made++;
        }
    }

    [Fact]
    public async Task A_fault_of_the_source_reaches_the_reader()
    {
        var fault = await Should.ThrowAsync<InvalidDataException>(async () =>
        {
            await foreach (var _ in BackgroundStream.Run(Broken, CancellationToken.None))
            {
            }
        });
        fault.Message.ShouldBe("broken");

        static IEnumerable<int> Broken(CancellationToken stop)
        {
            yield return 1;
            throw new InvalidDataException("broken");
        }
    }

    [Fact]
    public async Task Cancelling_ends_with_the_exception_of_cancelling()
    {
        using var cancel = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in BackgroundStream.Run(Endless, cancel.Token))
                if (item == 3)
                    await cancel.CancelAsync();
        });

        static IEnumerable<int> Endless(CancellationToken stop)
        {
            for (var item = 0; !stop.IsCancellationRequested; item++)
                yield return item;
        }
    }
}
