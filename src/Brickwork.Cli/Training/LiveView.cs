using Brickwork.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Brickwork.Cli.Training;

/// <summary>A bar, the curve of the loss and the last things the model wrote, drawn over and over in one place.</summary>
sealed class LiveView : TrainingView
{
    const int PlotRows = 8, MostColumns = 100, BarColumns = 40, MostNotes = 4;
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    readonly OutputStreams _output;
    readonly LiveDisplayContext _screen;
    readonly TrainingProgress _progress = new();
    readonly Queue<string> _notes = [];
    string _preparing = "";
    long? _last;

    LiveView(OutputStreams output, LiveDisplayContext screen) => (_output, _screen) = (output, screen);

    public static new TrainingResult Run(OutputStreams output, Func<TrainingView, TrainingResult> train) =>
        output.Screen.Live(new Text("")).AutoClear(false).Start(screen =>
        {
            var view = new LiveView(output, screen);
            try
            {
                return train(view);
            }
            finally
            {
                view.Draw();
            }
        });

    public override void Report(TrainingEvent value)
    {
        _progress.Add(value);
        if (value is TrainingPreparation preparation)
            _preparing = preparation.Done is { } done ? $"{preparation.What}: {done}" : preparation.What;
        if (TrainingText.Of(value) is { } note)
            Note(note);
        if (value is not TrainingStep and not TrainingPreparation { Done: not null } || IsTime())
            Draw();
    }

    public override void Warn(string text)
    {
        Note("warning: " + text);
        Draw();
    }

    void Note(string text)
    {
        _notes.Enqueue(text);
        if (_notes.Count > MostNotes)
            _notes.Dequeue();
    }

    bool IsTime()
    {
        if (_last is { } last && TimeProvider.System.GetElapsedTime(last) < Interval)
            return false;
        _last = TimeProvider.System.GetTimestamp();
        return true;
    }

    void Draw() => _screen.UpdateTarget(new Rows(Lines()));

    IEnumerable<IRenderable> Lines()
    {
        if (_progress.Total == 0)
        {
            yield return new Text(_preparing);
            yield break;
        }
        var share = _progress.Done / (double)_progress.Total;
        var filled = (int)(share * BarColumns);
        yield return new Markup($"[green]{new string('━', filled)}[/][grey]{new string('━', BarColumns - filled)}[/] {share * 100:F0} %");
        yield return new Text(_progress.Line);
        var columns = Math.Clamp(_output.Screen.Profile.Width - 12, 20, MostColumns);
        foreach (var line in BraillePlot.Draw([.. _progress.Steps.Select(step => step.Loss)], Math.Clamp(share, 0.02, 1), columns, PlotRows))
            yield return new Markup($"[blue]{Markup.Escape(line)}[/]");
        foreach (var note in _notes)
            yield return new Markup($"[grey]{Markup.Escape(note)}[/]");
    }
}
