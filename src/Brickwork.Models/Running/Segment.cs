namespace Brickwork.Models.Running;

/// <summary>Rows of one pass that belong to one sequence and follow each other in it.</summary>
/// <param name="Sequence">Whose rows they are.</param>
/// <param name="FirstRow">The first of them among the rows of the pass.</param>
/// <param name="Count">How many there are.</param>
/// <param name="FirstPosition">The position of the first in its sequence.</param>
/// <param name="EndsPrompt">Whether the last of them is the last of a prompt.</param>
readonly record struct Segment(Sequence Sequence, int FirstRow, int Count, int FirstPosition, bool EndsPrompt = false);
