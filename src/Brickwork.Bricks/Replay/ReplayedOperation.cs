using System.Globalization;
using Brickwork.Bricks.Log;
using Brickwork.Models.Loading;

namespace Brickwork.Bricks.Replay;

/// <summary>An operation of a log that is done again: its inputs are found, its output is named.</summary>
/// <param name="Source">The log, for messages.</param>
/// <param name="Operation">As it stands in the log of what it makes.</param>
/// <param name="Paths">Where each input lies now.</param>
/// <param name="Target">Where the output goes.</param>
/// <param name="Folder">For what is needed meanwhile; whoever needs it makes it, and it is gone afterwards.</param>
/// <param name="Options">How.</param>
sealed record ReplayedOperation(string Source, LoggedOperation Operation, IReadOnlyList<string> Paths, string Target, string Folder, ReplayOptions Options)
{
    /// <summary>The inputs of a role and their places.</summary>
    public IEnumerable<(LoggedInput Input, string Path)> InputsOf(string role) => Operation.Inputs.Zip(Paths).Where(entry => entry.First.Role == role);

    /// <summary>The place of the only input of a role; null where there is none.</summary>
    public string? PathOf(string role) => InputsOf(role).Select(entry => entry.Path).FirstOrDefault();

    public string? Find(string argument) => Operation.Arguments.GetValueOrDefault(argument);

    /// <exception cref="CheckpointException">The log does not say.</exception>
    public string Argument(string name) => Find(name) ?? throw Wrong($"has no argument '{name}'");

    /// <exception cref="CheckpointException">The log does not say, or says no number.</exception>
    public T Number<T>(string argument) where T : struct, IParsable<T> =>
        T.TryParse(Argument(argument), CultureInfo.InvariantCulture, out var number) ? number : throw Wrong($"says {argument}: '{Find(argument)}', which is no number");

    /// <exception cref="CheckpointException">The log says no number.</exception>
    public T? FindNumber<T>(string argument) where T : struct, IParsable<T> => Find(argument) is null ? null : Number<T>(argument);

    /// <exception cref="CheckpointException">The log does not say, or says none of the choices.</exception>
    public T Choice<T>(string argument) where T : struct, Enum =>
        Enum.TryParse<T>(Argument(argument), ignoreCase: true, out var choice) && Enum.IsDefined(choice) ? choice : throw Wrong($"has the unknown {argument} '{Find(argument)}'");

    /// <summary>The model, under the name it had.</summary>
    public Checkpoint OpenModel()
    {
        var (input, path) = InputsOf("model").FirstOrDefault();
        return CheckpointLocator.Open(path ?? throw Wrong("has no model"), input.Name, new LoadOptions { TokenizerPath = PathOf("tokenizer") });
    }

    /// <summary>The model, computed as it was then.</summary>
    public LanguageModel LoadModel() => LanguageModel.From(OpenModel(), new LoadOptions
    {
        Threads = Options.Threads,
        InstructionSet = Kernels(),
        Precision = Choice<Precision>(ComputeLog.Precision),
        Context = FindNumber<int>(ComputeLog.Context),
    });

    /// <summary>The kernel path of the first time.</summary>
    /// <exception cref="UnsupportedModelException">This processor does not have it.</exception>
    public InstructionSet Kernels()
    {
        var name = Argument(ComputeLog.InstructionSet);
        foreach (var path in InstructionSets.Supported)
            if (path.ToString() == name)
                return path;
        throw new UnsupportedModelException($"The operation '{Operation.Name}' in the log {Source} was computed on the kernel path {name}; this processor has {string.Join(", ", InstructionSets.Supported)}.", "Replay it on a processor that has it.");
    }

    /// <summary>How the model that is made is written.</summary>
    public ConvertOptions Writing() => new()
    {
        Type = Find("type"),
        MaxFileBytes = FindNumber<long>("split"),
        ImportanceMatrix = PathOf("importance"),
        Operation = Operation,
        Overwrite = Options.Overwrite,
        Threads = Options.Threads,
        Progress = Options.Progress,
        CancellationToken = Options.CancellationToken,
    };

    public CheckpointException Wrong(string what) => new($"The operation '{Operation.Name}' in the log {Source} {what}.", "The log is damaged: take that of the model or brick itself.");
}
