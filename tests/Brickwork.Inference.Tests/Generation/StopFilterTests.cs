using Brickwork.Inference.Generation;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Inference.Tests.Generation;

public sealed class StopFilterTests
{
    [Fact]
    public void A_stop_string_across_pieces_is_cut_out()
    {
        var filter = new StopFilter(["</s>"]);
        string[] given = [filter.Push("Hi <"), filter.Push("/"), filter.Push("s> more")];
        given.ShouldBe(["Hi ", "", ""]);
        filter.Found.ShouldBe("</s>");
        filter.Flush().ShouldBe("");
    }

    [Fact]
    public void Text_held_back_in_vain_is_given_later()
    {
        var filter = new StopFilter(["<end>"]);
        (filter.Push("a<e") + filter.Push("<en") + filter.Push("x")).ShouldBe("a<e<enx");
        filter.Push("<end").ShouldBe("");
        filter.Flush().ShouldBe("<end");
    }

    [Fact]
    public void The_stop_string_that_is_complete_first_wins_and_the_longest_of_those()
    {
        var filter = new StopFilter(["c", "bcd", "abc"]);
        filter.Push("xabcd").ShouldBe("x");
        filter.Found.ShouldBe("abc");
    }

    [Fact]
    public void How_a_text_is_cut_into_pieces_changes_nothing()
    {
        var texts = Gen.Elements('a', 'b').ArrayOf(14).Select(letters => new string(letters));
        var stops = Gen.Elements('a', 'b').ArrayOf().Where(letters => letters.Length is > 0 and < 6).Select(letters => new string(letters)).ArrayOf(2);
        var cuts = Gen.Choose(1, 13);
        Check.QuickThrowOnFailure(Prop.ForAll(texts.ToArbitrary(), stops.ToArbitrary(), cuts.ToArbitrary(), (text, ends, cut) =>
        {
            var whole = new StopFilter(ends);
            var parts = new StopFilter(ends);
            var expected = whole.Push(text) + whole.Flush();
            var found = parts.Push(text[..cut]) + parts.Push(text[cut..]) + parts.Flush();
            // The text may not hold a stop string, unless none came.
            return found == expected && parts.Found == whole.Found && ends.All(end => !found.Contains(end, StringComparison.Ordinal));
        }));
    }
}
