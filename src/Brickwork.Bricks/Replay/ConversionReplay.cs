namespace Brickwork.Bricks.Replay;

/// <summary>Conversions of models, quantizing ones among them.</summary>
sealed class ConversionReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = ["convert", "quantize"];

    public void Run(ReplayedOperation work)
    {
        using var model = work.OpenModel();
        ModelConverter.Convert(model, work.Target, work.Writing());
    }
}
