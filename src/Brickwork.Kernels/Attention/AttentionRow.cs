namespace Brickwork.Kernels.Attention;

/// <summary>One head of one query.</summary>
/// <param name="Offset">Where its values begin in the queries.</param>
/// <param name="Head">Which query head it is.</param>
/// <param name="Position">Where its token stands in the sequence.</param>
/// <param name="Start">The first position it looks at.</param>
/// <param name="End">One more than the last position it looks at.</param>
readonly record struct AttentionRow(int Offset, int Head, int Position, int Start, int End);
