namespace Brickwork.Cli.Terminal;

/// <summary>The command line asks for something that makes no sense.</summary>
sealed class UsageException(string message, string nextStep) : BrickworkException(message, nextStep);
