using System.Globalization;

namespace Brickwork.Cli.Benchmarks;

/// <summary>How long threads ran, and how long they were ready to run while something else had the processor.</summary>
readonly record struct SchedulerTimes(TimeSpan Ran, TimeSpan Waited)
{
    const string Threads = "/proc/self/task";

    /// <summary>All threads of this process until now; null where the system does not say.</summary>
    public static SchedulerTimes? OfThisProcess()
    {
        if (!Directory.Exists(Threads))
            return null;
        var lines = new List<string>();
        foreach (var thread in Directory.EnumerateDirectories(Threads))
        {
            try
            {
                lines.Add(File.ReadAllText(Path.Combine(thread, "schedstat")));
            }
            catch (IOException)
            {
                // The thread ended since the folder was listed, or this kernel keeps no such file.
            }
        }
        return Parse(lines);
    }

    /// <summary>The sum of what schedstat files say, "ran waited slices" in nanoseconds; null where none says anything.</summary>
    public static SchedulerTimes? Parse(IEnumerable<string> files)
    {
        long ran = 0, waited = 0;
        foreach (var file in files)
        {
            var words = file.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !long.TryParse(words[0], CultureInfo.InvariantCulture, out var running) || !long.TryParse(words[1], CultureInfo.InvariantCulture, out var waiting))
                continue;
            ran += running;
            waited += waiting;
        }
        return ran == 0 ? null : new SchedulerTimes(TimeSpan.FromMicroseconds(ran / 1e3), TimeSpan.FromMicroseconds(waited / 1e3));
    }

    public static SchedulerTimes operator -(SchedulerTimes later, SchedulerTimes earlier) => new(later.Ran - earlier.Ran, later.Waited - earlier.Waited);
}
