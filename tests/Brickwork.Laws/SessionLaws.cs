using System.Buffers.Binary;

namespace Brickwork.Laws;

public class SessionLaws
{
    static readonly RunnerOptions Options = new() { CacheType = CacheType.Q8_0 };

    [SkippableTheory, MemberData(nameof(EveryModel.All), MemberType = typeof(EveryModel))]
    public void A_saved_sequence_continues_identically(string name)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 1 });
        Skip.IfNot(Rows.ReadsInPieces(model) && model.Decoder.Head is not null, "nothing follows a text of this model");
        using var runner = model.CreateRunner(Options);
        using var sequence = runner.StartSequence();
        var rows = Rows.Feed(runner, sequence, Rows.Tokens(model, Math.Min(70, runner.Context - 4)));
        using var file = new MemoryStream();
        sequence.Save(file);
        var expected = Rows.Continue(runner, sequence, rows[^1], steps: 4);

        using var later = EveryModel.Load(name, new LoadOptions { Threads = 1 });
        using var other = later.CreateRunner(Options);
        file.Position = 0;
        using var loaded = other.LoadSequence(file);

        loaded.Tokens.ToArray().ShouldBe(sequence.Tokens[..^4].ToArray());
        Rows.Continue(other, loaded, rows[^1], steps: 4).ShouldHaveTheBitsOf(expected, "after loading");
    }

    [SkippableTheory, MemberData(nameof(EveryModel.All), MemberType = typeof(EveryModel))]
    public void Going_back_and_feeding_again_gives_the_same_bits(string name)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 1 });
        Skip.IfNot(Rows.ReadsInPieces(model), "a model that looks ahead sees another text");
        var tokens = Rows.Tokens(model, 80);
        var expected = Rows.Of(model, tokens);

        foreach (var length in (int[])[0, 1, 17, tokens.Length - 1, tokens.Length])
        {
            using var runner = model.CreateRunner();
            using var sequence = runner.StartSequence();
            Rows.Feed(runner, sequence, tokens);
            var exact = sequence.TryTruncate(length);

            sequence.Length.ShouldBe(exact ? length : 0);
            sequence.Tokens.ToArray().ShouldBe(tokens[..sequence.Length]);
            if (sequence.Length < tokens.Length)
                Rows.Feed(runner, sequence, tokens.AsSpan(sequence.Length)).ShouldHaveTheBitsOf(expected[^(tokens.Length - (exact ? length : 0))..], $"back to {length}");
        }
    }

    [Fact]
    public void A_session_cut_off_anywhere_is_refused()
    {
        using var model = EveryModel.Load("pico-windowed-f32", new LoadOptions { Threads = 1 });
        using var runner = model.CreateRunner(Options);
        var whole = Saved(model, runner);

        for (var percent = 0; percent < 100; percent++)
            Should.Throw<CheckpointException>(() => runner.LoadSequence(new MemoryStream(whole[..(whole.Length * percent / 100)])), $"{percent} %");
    }

    [Fact]
    public void A_session_of_another_model_or_cache_type_is_refused()
    {
        using var model = EveryModel.Load("pico-llama-f32", new LoadOptions { Threads = 1 });
        using var runner = model.CreateRunner(Options);
        var whole = Saved(model, runner);
        using var other = EveryModel.Load("pico-llama-f16", new LoadOptions { Threads = 1 });

        using var otherModel = other.CreateRunner(Options);
        Should.Throw<CheckpointException>(() => otherModel.LoadSequence(new MemoryStream(whole))).Message.ShouldContain("model");
        using var otherType = model.CreateRunner(Options with { CacheType = CacheType.F32 });
        Should.Throw<CheckpointException>(() => otherType.LoadSequence(new MemoryStream(whole))).Message.ShouldContain("cache");
        using var shorter = model.CreateRunner(Options with { Context = 10 });
        Should.Throw<CheckpointException>(() => shorter.LoadSequence(new MemoryStream(whole)));
    }

    [Fact]
    public void A_damaged_session_is_refused_or_can_be_continued()
    {
        using var model = EveryModel.Load("pico-windowed-f32", new LoadOptions { Threads = 1 });
        using var runner = model.CreateRunner(Options);
        var whole = Saved(model, runner);
        var refused = 0;

        for (var place = 0; place + sizeof(int) <= 512; place++)
            foreach (var lie in (int[])[0, -1, int.MaxValue, 64, 1 << 20])
            {
                var damaged = whole.ToArray();
                BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(place), lie);
                refused += IsRefused(runner, damaged) ? 1 : 0;
            }

        refused.ShouldBeGreaterThan(100);
    }

    static bool IsRefused(ModelRunner runner, byte[] session)
    {
        try
        {
            using var sequence = runner.LoadSequence(new MemoryStream(session));
            runner.Forward(new Batch().Add(sequence, [1]));
            return false;
        }
        catch (BrickworkException)
        {
            return true;
        }
    }

    static byte[] Saved(LanguageModel model, ModelRunner runner)
    {
        using var sequence = runner.StartSequence();
        Rows.Feed(runner, sequence, Rows.Tokens(model, 100));
        using var file = new MemoryStream();
        sequence.Save(file);
        return file.ToArray();
    }
}
