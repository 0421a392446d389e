using System.Diagnostics;

namespace Brickwork.Cli.Tests.Processes;

/// <summary>The program as a process of its own, with pipes for all three streams.</summary>
sealed class BrickProcess : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly Process _process;
    readonly Task<string> _error;

    public BrickProcess(params string[] arguments) : this([], arguments)
    {
    }

    BrickProcess(string[] limit, string[] arguments)
    {
        string[] program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Brickwork.Cli.dll"), .. arguments];
        // A test runner in the background may have been told to ignore Ctrl-C, and its children inherit that.
        if (OperatingSystem.IsLinux())
            program = [.. limit, "env", "--default-signal=INT", .. program];
        _process = Process.Start(new ProcessStartInfo(program[0], program[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The program where it has little room; see <see cref="LittleRoom"/>.</summary>
    public static BrickProcess Under(string[] limit, params string[] arguments) => new(limit, arguments);

    public StreamReader Result => _process.StandardOutput;

    public bool IsRunning => !_process.HasExited;

    /// <summary>Ends the process at once, without a chance to tidy up, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Writes all of stdin, closes it, and waits for the end.</summary>
    public async Task<Outcome> Finish(string input = "")
    {
        await _process.StandardInput.WriteAsync(input);
        _process.StandardInput.Close();
        var result = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return new Outcome(_process.ExitCode, result, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
