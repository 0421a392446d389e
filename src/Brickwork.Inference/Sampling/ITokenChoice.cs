namespace Brickwork.Inference.Sampling;

/// <summary>Takes one of the candidates that the steps have left.</summary>
interface ITokenChoice
{
    /// <returns>The rank of the candidate, in the present order.</returns>
    int Choose(Candidates candidates);
}
