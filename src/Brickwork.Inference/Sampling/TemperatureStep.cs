namespace Brickwork.Inference.Sampling;

/// <summary>Divides the logits by the temperature.</summary>
sealed class TemperatureStep(float temperature) : ICandidateStep
{
    public void Apply(Candidates candidates)
    {
        if (temperature != 1)
            candidates.Divide(temperature);
    }
}
