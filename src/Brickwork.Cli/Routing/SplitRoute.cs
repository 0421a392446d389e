using System.Globalization;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Routing;

/// <summary>One brick after the other along the text.</summary>
/// <param name="Places">The tokens from which on the second, third, … brick works.</param>
sealed record SplitRoute(int[] Places) : BrickRoute
{
    /// <exception cref="UsageException">The places are no ascending numbers above 0.</exception>
    public static SplitRoute Parse(RouteText text)
    {
        var written = text.Take("at", "64");
        var (places, last) = (new List<int>(), 0);
        foreach (var number in written.Split('+'))
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var place) || place <= last)
                throw text.Wrong("at", written, "ascending numbers of tokens, joined by +");
            places.Add(last = place);
        }
        return new SplitRoute([.. places]);
    }

    public override LanguageModel Plug(LanguageModel model, IReadOnlyList<NamedBrick> bricks, string? text, bool anyParent) => bricks.Count == Places.Length + 1
        ? Stack(model, bricks, anyParent)
        : throw new UsageException($"--route split at {Places.Length} places takes {Places.Length + 1} bricks; found {bricks.Count}.", "Name one brick more than there are places.");

    public override IReadOnlyList<BrickStrengths> Choices(IReadOnlyList<NamedBrick> bricks)
    {
        var along = Only(bricks[0]);
        for (var index = 0; index < Places.Length; index++)
            along = along.Until(Places[index], Only(bricks[index + 1]));
        return [along];
    }

    static BrickStrengths Only(NamedBrick brick) => BrickStrengths.Only(brick.Brick.Id, brick.Strength);
}
