using System.Globalization;
using Spectre.Console;

namespace Brickwork.Cli.Terminal;

/// <summary>Shows how far a long task is: a bar with rate and time left on a terminal, now and then a plain line elsewhere.</summary>
static class ProgressLine
{
    static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    /// <summary>Runs <paramref name="work"/>, which reports done and total.</summary>
    public static T Run<T>(OutputStreams output, string title, Func<Action<long, long>, T> work)
    {
        if (output.Quiet || output.Json)
            return work((_, _) => { });
        return output.IsTerminal ? RunBar(output, title, work) : RunPlain(output, title, work);
    }

    static T RunBar<T>(OutputStreams output, string title, Func<Action<long, long>, T> work) =>
        output.Screen.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn())
            .Start(screen =>
            {
                var task = screen.AddTask(Markup.Escape(title));
                return work((done, total) => (task.MaxValue, task.Value) = (Math.Max(total, 1), done));
            });

    static T RunPlain<T>(OutputStreams output, string title, Func<Action<long, long>, T> work)
    {
        var clock = TimeProvider.System;
        var (start, last) = (clock.GetTimestamp(), clock.GetTimestamp());
        return work((done, total) =>
        {
            if (clock.GetElapsedTime(last) < PlainInterval)
                return;
            last = clock.GetTimestamp();
            var seconds = clock.GetElapsedTime(start).TotalSeconds;
            var left = done > 0 ? seconds * (total - done) / done : 0;
            output.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}  {done}/{total}  {done / seconds:F0}/s  {left:F0} s left"));
        });
    }

    sealed class RateColumn : ProgressColumn
    {
        public override Spectre.Console.Rendering.IRenderable Render(Spectre.Console.Rendering.RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Speed is { } speed ? string.Create(CultureInfo.InvariantCulture, $"{speed:F0}/s") : "");
    }
}
