using System.Runtime;
using Brickwork.Models.Panels;

namespace Brickwork.Laws;

public class PreparationLaws
{
    [Theory, MemberData(nameof(EveryModel.Picos), MemberType = typeof(EveryModel))]
    public void Weights_laid_out_ahead_change_no_bit(string name)
    {
        using var lazy = EveryModel.Load(name, new LoadOptions { Threads = 2 });
        var tokens = Rows.Tokens(lazy, 40);
        var expected = Rows.Of(lazy, tokens);

        using var ahead = EveryModel.Load(name, new LoadOptions { Threads = 2 });
        ahead.Prepare();

        Preparation.Projections(ahead.Decoder, ahead.Compute).ShouldAllBe(linear => linear.Weight.Panels != null);
        Rows.Of(ahead, tokens).ShouldHaveTheBitsOf(expected, name);
    }

    [Theory, MemberData(nameof(EveryModel.Picos), MemberType = typeof(EveryModel))]
    public async Task A_pass_that_races_the_preparation_changes_no_bit(string name)
    {
        using var lazy = EveryModel.Load(name, new LoadOptions { Threads = 2 });
        var tokens = Rows.Tokens(lazy, 12);
        var expected = Rows.Of(lazy, tokens);
        for (var round = 0; round < 10; round++)
        {
            using var model = EveryModel.Load(name, new LoadOptions { Threads = 1 + round % 3 });
            var (first, second) = (model.PrepareAsync(), model.PrepareAsync());
            Rows.Of(model, tokens).ShouldHaveTheBitsOf(expected, $"{name}, round {round}");
            await Task.WhenAll(first, second);
            Rows.Of(model, tokens).ShouldHaveTheBitsOf(expected, $"{name}, round {round}, prepared");
        }
    }

    [Fact]
    public async Task A_model_may_be_disposed_while_it_is_prepared()
    {
        for (var round = 0; round < 20; round++)
        {
            var model = EveryModel.Load("pico-mixture-q5_1", new LoadOptions { Threads = 2 });
            var changed = model.With("layers.0", model.Decoder.Layers[1]);
            var task = model.PrepareAsync();
            var other = changed.PrepareAsync();
            model.Dispose();
            task.IsCompleted.ShouldBeTrue();
            task.IsFaulted.ShouldBeFalse();
            await other;                                    // the copy goes on
            changed.Dispose();
            Should.Throw<ObjectDisposedException>(() => model.PrepareAsync());
        }
    }

    [Fact]
    public async Task Preparing_can_be_cancelled_and_taken_up_again()
    {
        using var model = EveryModel.Load("pico-llama-q4_0", new LoadOptions { Threads = 2 });
        using var stop = new CancellationTokenSource();
        var reports = new List<PreparationProgress>();
        var stopAtThird = new Listener(value =>
        {
            reports.Add(value);
            if (reports.Count == 3)
                stop.Cancel();
        });
        if (Preparation.Projections(model.Decoder, model.Compute).Count > 3)
        {
            Should.Throw<OperationCanceledException>(() => model.Prepare(stopAtThird, stop.Token));
            reports.Count.ShouldBe(3);
        }
        await Should.ThrowAsync<OperationCanceledException>(model.PrepareAsync(new CancellationToken(canceled: true)));

        model.Prepare(new Listener(reports.Add));

        if (reports.Count > 0)
            reports[^1].DoneBytes.ShouldBe(reports[^1].TotalBytes);
        Preparation.Projections(model.Decoder, model.Compute).ShouldAllBe(linear => linear.Weight.Panels != null);
    }

    // Without preparation, hundreds of methods are compiled. A loop that becomes hot while it runs is replaced on its own thread, whenever the
    // runtime's counters say so, and a lock that another test holds may compile its slow path: neither is the model's doing.
    const int MethodsOfTheRuntime = 8;

    [Theory, MemberData(nameof(EveryModel.Picos), MemberType = typeof(EveryModel))]
    public void A_prepared_model_compiles_next_to_nothing_when_it_is_first_used(string name)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 1 });
        model.Prepare();
        using var runner = model.CreateRunner();
        using var sequence = runner.StartSequence();
        int[] tokens = [.. Enumerable.Range(0, 17)];
        var before = JitInfo.GetCompiledMethodCount(currentThread: true);

        runner.Forward(sequence, tokens);

        (JitInfo.GetCompiledMethodCount(currentThread: true) - before).ShouldBeLessThanOrEqualTo(MethodsOfTheRuntime);
    }

    sealed class Listener(Action<PreparationProgress> report) : IProgress<PreparationProgress>
    {
        public void Report(PreparationProgress value) => report(value);
    }
}
