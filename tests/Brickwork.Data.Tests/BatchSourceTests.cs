using Brickwork.TestKit;

namespace Brickwork.Data.Tests;

public sealed class BatchSourceTests
{
    static readonly Tokenizer Bytes = ByteTokenizer.Create();

    [Fact]
    public void The_batch_of_a_step_is_the_same_whatever_was_asked_before()
    {
        using var folder = new TemporaryFolder();
        using var corpus = Prepare(folder, ("a", 120), ("b", 40));
        var options = new BatchOptions { Length = 16, Sequences = 3, Seed = 9 };
        var straight = new BatchSource(corpus, options);
        var steps = Enumerable.Range(0, (int)(3 * straight.StepsPerEpoch)).Select(step => straight.Training(step)).ToArray();

        var random = new SeededRandom(1);
        for (var trial = 0; trial < 50; trial++)
        {
            var step = random.NextInt32(steps.Length);
            var resumed = new BatchSource(corpus, options).Training(step);
            resumed.Tokens.ShouldBe(steps[step].Tokens);
            resumed.Targets.ShouldBe(steps[step].Targets);
        }
        new BatchSource(corpus, options with { Seed = 10 }).Training(0).Tokens.ShouldNotBe(steps[0].Tokens);
    }

    [Fact]
    public void An_epoch_reads_every_window_once_and_the_next_in_another_order()
    {
        using var folder = new TemporaryFolder();
        using var corpus = Prepare(folder, ("a", 400));
        var source = new BatchSource(corpus, new BatchOptions { Length = 8, Sequences = 1, Seed = 2 });
        var texts = corpus.Domains[0].Training;

        string[] Epoch(int epoch) => [.. Enumerable.Range(0, (int)source.StepsPerEpoch).Select(step => string.Join(' ', source.Training(epoch * source.StepsPerEpoch + step).Tokens))];
        var (first, second) = (Epoch(0), Epoch(1));

        first.ShouldNotBe(second);
        // All tokens but an incomplete last window: the counts of each token differ by less than a window.
        var all = Enumerable.Range(0, texts.Count).SelectMany(document =>
        {
            var tokens = new int[texts.Lengths[document]];
            corpus.Copy(texts.Starts[document], tokens);
            return tokens;
        });
        var read = first.SelectMany(window => window.Split(' ')).Select(int.Parse).GroupBy(token => token).ToDictionary(group => group.Key, group => group.Count());
        all.GroupBy(token => token).Sum(group => Math.Abs(group.Count() - read.GetValueOrDefault(group.Key))).ShouldBeLessThan(8);
    }

    [Fact]
    public void Targets_are_the_tokens_that_follow()
    {
        using var folder = new TemporaryFolder();
        using var corpus = Prepare(folder, ("a", 50));
        var all = new int[corpus.Domains[0].Training.Tokens];
        corpus.Copy(0, all);
        var pairs = all.Zip(all.Skip(1)).ToHashSet();
        pairs.UnionWith(Enumerable.Range(0, 257).Select(first => (corpus.EndOfText, first))); // documents meet in any order

        for (var step = 0; step < 40; step++)
        {
            var batch = new BatchSource(corpus, new BatchOptions { Length = 12, Sequences = 2 }).Training(step);
            batch.Lengths.ShouldBe([12, 12]);
            batch.Tokens.Zip(batch.Targets).ShouldAllBe(pair => pairs.Contains(pair));
            batch.Targets[..11].ShouldBe(batch.Tokens[1..12]);
        }
    }

    [Fact]
    public void Domains_are_mixed_by_their_weights()
    {
        using var folder = new TemporaryFolder();
        using var corpus = Prepare(folder, ("a", 100), ("b", 100), ("c", 100));
        var source = new BatchSource(corpus, new BatchOptions { Length = 4, Sequences = 64, Weights = new Dictionary<string, double> { ["a"] = 3, ["b"] = 1 } });

        var letters = Enumerable.Range(0, 64).SelectMany(step => source.Training(step).Tokens).Where(token => token is >= 'a' and <= 'c').CountBy(token => (char)token).ToDictionary();

        letters.ContainsKey('c').ShouldBeFalse();
        // 4096 sequences are a whole block, in which the shares are exact; the letters of a sequence vary.
        ((double)letters['a'] / letters['b']).ShouldBe(3, 0.15);
        source.Epochs("a", 64).ShouldBe(3072.0 / (corpus.Domain("a").Training.Tokens / 4), 1e-9);
        source.Epochs("c", 64).ShouldBe(0);
    }

    [Fact]
    public void A_text_shorter_than_a_sequence_is_repeated()
    {
        using var folder = new TemporaryFolder();
        folder.Write("text/a.txt", "abc");
        using var corpus = TokenizedCorpus.Prepare(Corpus.Open(folder.File("text")), Bytes, new PreparationOptions { HeldOut = new() { Fraction = 0 } }, folder.File("t.bin"));

        var batch = new BatchSource(corpus, new BatchOptions { Length = 10, Sequences = 1 }).Training(5);

        batch.Tokens.ShouldBe(['a', 'b', 'c', 256, 'a', 'b', 'c', 256, 'a', 'b']);
    }

    [Fact]
    public void Held_out_texts_are_scored_once_and_whole()
    {
        using var folder = new TemporaryFolder();
        using var corpus = Prepare(folder, ("a", 200));
        var source = new BatchSource(corpus, new BatchOptions { Length = 10, Sequences = 4 });
        var texts = corpus.Domains[0].HeldOut;

        var batches = source.HeldOut("a").ToArray();

        batches.ShouldAllBe(batch => batch.Tokens.Length <= 40 && batch.Lengths.All(length => length <= 10));
        batches.Sum(batch => batch.Scored).ShouldBe((int)source.HeldOutBytes("a"));
        var expected = Enumerable.Range(0, texts.Count).SelectMany(document =>
        {
            var tokens = new int[texts.Lengths[document] - 1];
            corpus.Copy(texts.Starts[document], tokens);
            return tokens;
        });
        batches.SelectMany(batch => batch.Targets).ShouldBe(expected);
        source.HeldOut("a", 1).Sum(batch => batch.Scored).ShouldBe(texts.Lengths[0] - 1);
        source.HeldOutBytes("a", 1).ShouldBe(texts.Lengths[0] - 1);
    }

    [Fact]
    public void Wrong_weights_are_named()
    {
        using var folder = new TemporaryFolder();
        using var corpus = Prepare(folder, ("a", 30));
        string Fault(string domain, double weight) => Should.Throw<CorpusException>(() => new BatchSource(corpus,
            new BatchOptions { Length = 4, Sequences = 1, Weights = new Dictionary<string, double> { [domain] = weight } })).Message;

        Fault("b", 1).ShouldContain("no domain 'b'");
        Fault("a", -1).ShouldContain("'a' is -1");
        Fault("a", double.NaN).ShouldContain("NaN");
        Fault("a", 0).ShouldContain("positive weight");
    }

    static TokenizedCorpus Prepare(TemporaryFolder folder, params ReadOnlySpan<(string Letter, int Count)> domains)
    {
        var random = new SeededRandom(3);
        foreach (var (letter, count) in domains)
        {
            var texts = Enumerable.Range(0, count).Select(_ => string.Join(letter, Enumerable.Range(0, 4 + random.NextInt32(12)).Select(_ => random.NextInt32(100))));
            folder.Write($"text/{letter}.txt", string.Join('\n', texts));
        }
        var corpus = new Corpus([.. Corpus.Open(folder.File("text")).Sources.Select(source => source with { Boundary = DocumentBoundary.Line })]);
        return TokenizedCorpus.Prepare(corpus, Bytes, new PreparationOptions { HeldOut = new() { Fraction = 0.1 }, Duplicates = null }, folder.File("tokens.bin"));
    }
}
