using System.Globalization;
using Brickwork.Cli.Cards;

namespace Brickwork.Cli.Training;

/// <summary>How far a training is, and how fast it goes.</summary>
sealed class TrainingProgress
{
    // Rates of single steps jump; the mean of the last ones does not.
    const int Recent = 20;
    readonly List<StepMetrics> _steps = [];
    TrainingStart? _start;

    /// <summary>All steps so far, those of earlier runs included.</summary>
    public IReadOnlyList<StepMetrics> Steps => _steps;

    public long Done => _steps.Count > 0 ? _steps[^1].Step : _start?.StepsDone ?? 0;

    public long Total => _start?.Steps ?? 0;

    public bool IsLast => Done == Total;

    public void Add(TrainingEvent value)
    {
        if (value is TrainingStart start)
        {
            _start = start;
            _steps.AddRange(start.Earlier);
        }
        if (value is TrainingStep step)
            _steps.Add(step.Step);
    }

    /// <summary>What is about to be done.</summary>
    public string Beginning => _start is not { } start ? "" : string.Create(CultureInfo.InvariantCulture,
        $"training {Numbers.Count(start.Parameters)} parameters: steps {start.StepsDone} to {start.Steps}, {start.TokensPerStep} tokens each, about {Numbers.Bytes(start.MemoryBytes)}");

    /// <summary>The last step, the rate and the time left.</summary>
    public string Line
    {
        get
        {
            if (_steps.Count == 0)
                return Beginning;
            var (last, seconds) = (_steps[^1], SecondsPerStep);
            var share = last.ShareOfPeak is null ? "" : string.Create(CultureInfo.InvariantCulture, $"  {Recently.Average(step => step.ShareOfPeak ?? 0) * 100:F0} % of peak");
            return string.Create(CultureInfo.InvariantCulture,
                $"step {last.Step}/{Total}  loss {Recently.Average(step => step.Loss):F4}  rate {last.LearningRate:G3}  {TokensPerSecond:F0} tokens/s{share}  {Left(seconds * (Total - last.Step))} left");
        }
    }

    IEnumerable<StepMetrics> Recently => _steps.Skip(Math.Max(0, _steps.Count - Recent));

    double SecondsPerStep => (_start?.TokensPerStep ?? 0) / Math.Max(TokensPerSecond, 1e-9);

    double TokensPerSecond => Recently.Count() / Recently.Sum(step => 1 / Math.Max(step.TokensPerSecond, 1e-9));

    static string Left(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(seconds, 1e8));
        return time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes:D2} min" : time.TotalMinutes >= 1 ? $"{(int)time.TotalMinutes} min {time.Seconds:D2} s" : $"{(int)time.TotalSeconds} s";
    }
}
