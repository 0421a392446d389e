namespace Brickwork.Cli.Terminal;

/// <summary>What the process tells its caller; part of the command line contract.</summary>
static class ExitCode
{
    public const int Good = 0;
    public const int GateMissed = 1;
    public const int WrongUsage = 2;
    public const int BadInput = 3;
    public const int OutOfMemoryOrDisk = 4;
    public const int Trouble = 5;
    public const int Cancelled = 130;
}
