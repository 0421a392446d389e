namespace Brickwork.Data.Tests;

public sealed class NearDuplicatesTests
{
    [Fact]
    public void A_text_with_few_changes_goes_and_a_different_one_stays()
    {
        var words = Words(400, seed: 1);
        var changed = words.Select((word, i) => i % 97 == 5 ? "other" : word).ToArray();
        var rule = new NearDuplicates(new DuplicateOptions());

        rule.IsNew(Document(words, "a:1")).ShouldBeTrue();
        rule.IsNew(Document(Words(400, seed: 2), "a:2")).ShouldBeTrue();
        rule.IsNew(Document(changed, "b:1")).ShouldBeFalse();

        var found = rule.Found.ShouldHaveSingleItem();
        (found.Origin, found.KeptOrigin).ShouldBe(("b:1", "a:1"));
        found.Similarity.ShouldBeInRange(0.8, 1);
    }

    [Fact]
    public void The_estimate_is_near_the_true_similarity()
    {
        // Texts that share a part of their words in one run: the shingles of the run are the common ones.
        foreach (var shared in new[] { 400, 700, 900 })
        {
            var rule = new NearDuplicates(new DuplicateOptions { Threshold = 0.05, Bands = 256, Rows = 1 });
            var common = Words(shared, seed: 3);
            rule.IsNew(Document([.. common, .. Words(1000 - shared, seed: 4)], "a")).ShouldBeTrue();
            rule.IsNew(Document([.. common, .. Words(1000 - shared, seed: 5)], "b")).ShouldBeFalse();
            var truth = (shared - 4) / (2.0 * 996 - (shared - 4));
            // The standard deviation of a share of 256 draws is at most 1/32; four of them.
            rule.Found.Single().Similarity.ShouldBe(truth, 0.125);
        }
    }

    [Fact]
    public void Japanese_without_spaces_is_compared_letter_by_letter()
    {
        var random = new SeededRandom(6);
        var text = string.Concat(Enumerable.Range(0, 300).Select(_ => (char)('あ' + random.NextInt32(80))));
        var rule = new NearDuplicates(new DuplicateOptions());

        rule.IsNew(new CorpusDocument("a", "a", text)).ShouldBeTrue();
        rule.IsNew(new CorpusDocument("a", "b", text[..150] + "犬" + text[150..])).ShouldBeFalse();
        rule.IsNew(new CorpusDocument("a", "c", new string([.. text.Reverse()]))).ShouldBeTrue();
    }

    [Fact]
    public void Short_texts_go_only_when_their_words_are_the_same()
    {
        var rule = new NearDuplicates(new DuplicateOptions());

        rule.IsNew(new CorpusDocument("a", "1", "Good day!")).ShouldBeTrue();
        rule.IsNew(new CorpusDocument("a", "2", "good, day")).ShouldBeFalse();
        rule.IsNew(new CorpusDocument("a", "3", "Good night!")).ShouldBeTrue();
        rule.IsNew(new CorpusDocument("a", "4", "***")).ShouldBeTrue();
        rule.IsNew(new CorpusDocument("a", "5", "+++")).ShouldBeTrue();
        rule.IsNew(new CorpusDocument("a", "6", "***")).ShouldBeFalse();
    }

    static CorpusDocument Document(string[] words, string origin) => new("a", origin, string.Join(' ', words));

    static string[] Words(int count, long seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => $"w{random.NextInt32(100_000)}")];
    }
}
