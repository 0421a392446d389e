namespace Brickwork.Inference.Sampling;

/// <summary>Changes the logits of the whole vocabulary before any token is dropped.</summary>
interface ILogitStep
{
    /// <param name="logits">[V], changed in place.</param>
    void Apply(Span<float> logits);
}

/// <summary>Drops or reweighs candidates; at least one always stays.</summary>
interface ICandidateStep
{
    void Apply(Candidates candidates);
}
