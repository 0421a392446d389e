using System.Globalization;
using Brickwork.Models.Loading;

namespace Brickwork.Bricks.Replay;

/// <summary>An operation of a log that is done again: its inputs are found, its output is named.</summary>
/// <param name="Source">The log, for messages.</param>
/// <param name="Operation">As it stands in the log of what it makes.</param>
/// <param name="Paths">Where each input lies now.</param>
/// <param name="Target">Where the output goes.</param>
/// <param name="Options">How.</param>
sealed record ReplayedOperation(string Source, LoggedOperation Operation, IReadOnlyList<string> Paths, string Target, ReplayOptions Options)
{
    /// <summary>The inputs of a role and their places.</summary>
    public IEnumerable<(LoggedInput Input, string Path)> InputsOf(string role) => Operation.Inputs.Zip(Paths).Where(entry => entry.First.Role == role);

    /// <summary>The place of the only input of a role; null where there is none.</summary>
    public string? PathOf(string role) => InputsOf(role).Select(entry => entry.Path).FirstOrDefault();

    public string? Find(string argument) => Operation.Arguments.GetValueOrDefault(argument);

    /// <exception cref="CheckpointException">The log does not say.</exception>
    public string Argument(string name) => Find(name) ?? throw Wrong($"has no argument '{name}'");

    public long? FindNumber(string argument) => Find(argument) is not { } text ? null
        : long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong($"says {argument}: '{text}', which is no whole number");

    /// <summary>The model, under the name it had.</summary>
    public Checkpoint OpenModel()
    {
        var (input, path) = InputsOf("model").FirstOrDefault();
        return CheckpointLocator.Open(path ?? throw Wrong("has no model"), input.Name, new LoadOptions { TokenizerPath = PathOf("tokenizer") });
    }

    /// <summary>How the model that is made is written.</summary>
    public ConvertOptions Writing() => new()
    {
        Type = Find("type"),
        MaxFileBytes = FindNumber("split"),
        ImportanceMatrix = PathOf("importance"),
        Operation = Operation,
        Overwrite = Options.Overwrite,
        Threads = Options.Threads,
        Progress = Options.Progress,
        CancellationToken = Options.CancellationToken,
    };

    public CheckpointException Wrong(string what) => new($"The operation '{Operation.Name}' in the log {Source} {what}.", "The log is damaged: take that of the model or brick itself.");
}
