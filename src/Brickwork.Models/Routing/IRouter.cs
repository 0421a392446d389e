namespace Brickwork;

/// <summary>Says how well each of some bricks suits what is at hand: rows of hidden values in a slot, or the vector of a text.</summary>
/// <remarks>Scores become sparse weights by a <see cref="RouteRule"/>, so that routers differ in nothing but their scores.</remarks>
public interface IRouter
{
    /// <summary>The bricks that are scored, by id, in the order of the scores.</summary>
    IReadOnlyList<string> Bricks { get; }

    /// <summary>Scores every brick for every row; higher is better. The scores of a row depend on that row only.</summary>
    /// <param name="slot">Whose input the rows are, under the name it has without bricks; a router of whole texts does not look at it.</param>
    /// <param name="rows">[T, in].</param>
    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="scores">[T, B], filled.</param>
    void Score(SlotPath slot, Tensor rows, Compute compute, Tensor scores);
}
