using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Training;

/// <summary>Shows a training while it runs.</summary>
abstract class TrainingView : IProgress<TrainingEvent>
{
    /// <summary>Runs <paramref name="train"/> under the view that fits the output: a moving one on a terminal, lines elsewhere, none where it is to be quiet.</summary>
    public static TrainingResult Run(OutputStreams output, Func<TrainingView, TrainingResult> train)
    {
        if (output.Quiet || output.Json)
            return train(new SilentView(output));
        return output.IsTerminal ? LiveView.Run(output, train) : train(new PlainView(output));
    }

    public abstract void Report(TrainingEvent value);

    public abstract void Warn(string text);

    sealed class SilentView(OutputStreams output) : TrainingView
    {
        public override void Report(TrainingEvent value)
        {
        }

        public override void Warn(string text) => output.Warn(text);
    }
}
