using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Training;

/// <summary>A line now and then, for logs.</summary>
sealed class PlainView(OutputStreams output) : TrainingView
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    readonly TrainingProgress _progress = new();
    long? _last;

    public override void Report(TrainingEvent value)
    {
        _progress.Add(value);
        var line = value switch
        {
            TrainingPreparation { Done: null, What: var what } => what,
            TrainingStart => _progress.Beginning,
            TrainingStep when IsTime() => _progress.Line,
            TrainingEvaluation or TrainingSample or TrainingCheckpoint => TrainingText.Of(value),
            _ => null,
        };
        if (line is not null)
            output.Error.WriteLine(line);
    }

    public override void Warn(string text) => output.Warn(text);

    bool IsTime()
    {
        if (_last is { } last && TimeProvider.System.GetElapsedTime(last) < Interval && !_progress.IsLast)
            return false;
        _last = TimeProvider.System.GetTimestamp();
        return true;
    }
}
