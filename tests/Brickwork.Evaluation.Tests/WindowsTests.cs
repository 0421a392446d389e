using Brickwork.Evaluation.Scoring;

namespace Brickwork.Evaluation.Tests;

public sealed class WindowsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(-7)]
    public void Sliding_windows_score_every_token_once(int? bos)
    {
        for (var length = 0; length < 30; length++)
            for (var window = 2; window < 12; window++)
                for (var stride = 1; stride < 14; stride++)
                {
                    int[] ids = [.. Enumerable.Range(0, length)];
                    var windows = Windows.Sliding(ids, bos, window, stride).ToList();
                    var scored = windows.SelectMany(one => one.Tokens[one.FirstScored..]);
                    // Without a start token nothing foresees the first.
                    scored.ShouldBe(ids.Skip(bos is null ? 1 : 0), $"length {length}, window {window}, stride {stride}");
                    windows.All(one => one.Tokens.Length <= window && one.FirstScored >= 1).ShouldBeTrue();
                    windows.All(one => bos is null || one.Tokens[0] == bos).ShouldBeTrue();
                }
    }

    [Fact]
    public void A_smaller_stride_gives_tokens_more_context()
    {
        var windows = Windows.Sliding([.. Enumerable.Range(0, 100)], null, window: 10, stride: 4).ToList();
        windows[1..].ShouldAllBe(window => window.FirstScored >= 6);
    }

    [Fact]
    public void A_piece_is_cut_at_the_window()
    {
        var window = Windows.First([5, 6, 7, 8], 1, window: 3).ShouldHaveSingleItem();
        window.Tokens.ShouldBe([1, 5, 6]);
        window.FirstScored.ShouldBe(1);
        Windows.First([5], null, window: 3).ShouldBeEmpty();
        Windows.First([], 1, window: 3).ShouldBeEmpty();
    }

    [Fact]
    public void Text_is_cut_at_blank_lines_or_at_every_line()
    {
        TextPieces.Of("a\r\nb\n \nc\n\n\n", TextSplit.Paragraph).ShouldBe(["a\nb", "c"]);
        TextPieces.Of("a\r\nb\n \nc\n", TextSplit.Line).ShouldBe(["a", "b", "c"]);
        TextPieces.Of("a\n\nb", TextSplit.None).ShouldBe(["a\n\nb"]);
        TextPieces.Of("", TextSplit.None).ShouldBeEmpty();
    }
}
