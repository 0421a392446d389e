using Brickwork.Inference.Speculation;

namespace Brickwork.Inference.Tests.Speculation;

public class LookupDrafterTests
{
    [Theory]
    [InlineData("1 2 3 4 5 9 1 2 3", 3, "4 5 9")]
    [InlineData("1 2 3 4 1 2 3 5 1 2 3", 2, "5 1")]                // of equal matches the latest
    [InlineData("7 2 3 8 1 2 3 5 6 3 9 2 3", 2, "5 6")]            // two tokens match where three do not
    [InlineData("1 2 3 8 2 3 9 1 2 3", 2, "8 2")]                  // an older match of three beats a later one of two
    [InlineData("5 6 7 8 6", 2, "7 8")]
    [InlineData("1 2 1 2", 5, "1 2 1 2 1")]                        // a match up to the end goes round
    [InlineData("4 4", 3, "4 4 4")]
    [InlineData("1 2 3", 4, "")]
    [InlineData("1", 4, "")]
    public void What_followed_the_last_tokens_before_is_proposed(string context, int most, string expected)
    {
        var draft = new Draft();

        new LookupDrafter().Propose(Ids(context), 0, most, draft, default);

        Enumerable.Range(0, draft.Count).Select(index => draft[index].Token).ShouldBe(Ids(expected));
    }

    static int[] Ids(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
