namespace Brickwork.Models.Parts;

/// <summary>The rows of a checkpoint's tensor that a matrix consists of.</summary>
/// <param name="Tensor">The tensor's name.</param>
/// <param name="FirstRow">The first of the matrix's rows in it: not 0 for an expert, or a projection stored with others.</param>
readonly record struct WeightOrigin(string Tensor, int FirstRow);
