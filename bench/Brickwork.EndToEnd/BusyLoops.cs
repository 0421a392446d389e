using System.Diagnostics;

namespace Brickwork.EndToEnd;

/// <summary>Processes that keep the processors busy until they are disposed of, or until this process ends.</summary>
sealed class BusyLoops : IDisposable
{
    /// <summary>The word by which this program is told to be such a process.</summary>
    public const string Argument = "busy-loop";

    readonly List<Process> _processes;

    public BusyLoops(int count) => _processes =
        [.. Enumerable.Range(0, count).Select(_ => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Argument]) { RedirectStandardInput = true })!)];

    /// <summary>The life of such a process: it ends when its standard input does, so that none outlives its parent.</summary>
    public static int Run()
    {
        var parent = new Thread(() => Console.In.ReadToEnd());
        parent.Start();
        for (ulong state = 1; parent.IsAlive;)
            for (var step = 0; step < 1_000_000; step++)
                state = state * 6364136223846793005 + 1442695040888963407;
        return 0;
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
