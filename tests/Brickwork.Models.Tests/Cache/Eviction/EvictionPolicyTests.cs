using Brickwork.TestKit;

namespace Brickwork.Models.Tests.Cache.Eviction;

public sealed class EvictionPolicyTests
{
    public static TheoryData<EvictionPolicy, string> Senseless => new()
    {
        { new StreamingEviction { Budget = 0 }, "budget is 0; expected at least 5" },
        { new StreamingEviction { Budget = 4 }, "4 sinks and the newest token" },
        { new StreamingEviction { Budget = -1, Sinks = 0 }, "at least 1" },
        { new StreamingEviction { Budget = 100, Sinks = 65 }, "65 sinks; expected 0 to 64" },
        { new StreamingEviction { Budget = 100, Sinks = -1 }, "-1 sinks" },
        { new HeavyHitterEviction { Budget = 1 }, "at least 2" },
        { new SnapEviction { Budget = 32 }, "at least 33" },
    };

    [Theory, MemberData(nameof(Senseless))]
    public void Senseless_numbers_are_refused_before_anything_runs(EvictionPolicy policy, string message)
    {
        using var model = PicoModel.Llama();

        Should.Throw<ArgumentException>(() => model.CreateRunner(new RunnerOptions { Eviction = policy })).Message.ShouldContain(message);
    }

    [Fact]
    public void A_model_that_keeps_no_keys_of_a_whole_text_has_none_to_give_up()
    {
        using var plain = PicoModel.Llama();
        using var model = plain.With(plain.Decoder with { Layers = [] });

        var fault = Should.Throw<UnsupportedModelException>(() => model.CreateRunner(new RunnerOptions { Eviction = new HeavyHitterEviction { Budget = 8 } }));

        fault.Message.ShouldContain(model.Config.Name);
        fault.NextStep.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(15, 1)]
    [InlineData(16, 2)]
    [InlineData(100, 8)]
    [InlineData(511, 32)]
    [InlineData(4096, 64)]
    public void An_eighth_of_the_budget_or_less_is_given_up_at_once(int budget, int atOnce)
    {
        var policy = new HeavyHitterEviction { Budget = budget };

        policy.AtOnce.ShouldBe(atOnce);
        policy.RowsFrom(0).ShouldBe(budget);
        policy.RowsFrom(budget - 1).ShouldBe(1);
        policy.RowsFrom(budget).ShouldBe(atOnce);
        policy.RowsFrom(budget + atOnce).ShouldBe(atOnce);
    }
}
