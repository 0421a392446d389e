using Brickwork.Bricks.Log;
using Brickwork.Bricks.Replay;
using Brickwork.Formats.Log;
using Brickwork.Formats.Writing;

namespace Brickwork;

/// <summary>Does again what a log tells of, to the same bytes.</summary>
public static class OperationReplay
{
    static readonly IReplay[] Own = [new ConversionReplay(), new WeightsReplay(), new MergeReplay(), new BrickReplay(), new ExtractReplay(), new SumReplay(), new ShortTrainingReplay()];

    /// <summary>Rebuilds a model or a brick from its log. What the log asks for is found by hash; what is not found, but was made by an earlier operation of the log, is made again as well.</summary>
    /// <param name="source">The lines of a log, or a model or brick that holds its log.</param>
    /// <param name="target">A name that ends as the log's form asks for: <c>.gguf</c>, <c>.brick</c>, or a folder.</param>
    /// <param name="options">Where to look, and how.</param>
    /// <exception cref="CheckpointException">There is no log, inputs are missing, or the target cannot be written.</exception>
    /// <exception cref="UnsupportedModelException">An operation cannot be done again.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it; nothing is left behind.</exception>
    public static ReplayReport Run(string source, string target, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new ReplayOptions();
        var log = LogFile.Open(source);
        if (log.Operations is [.., { Name: StackFile.Operation }])
            throw new UnsupportedModelException($"{source} tells of a stack of bricks, which holds no weights: there is nothing to make again.",
                "Open the stack itself with -m, or replay its model and its bricks, which it names.");
        var beside = Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(source)))!;
        var steps = ReplayPlan.Of(log, new InputSearch(options.Places, [beside, ModelFolder.Path]), options.CancellationToken);
        var kinds = steps.Select(step => KindOf(step.Operation, source, options)).ToList();
        CheckTarget(steps[^1].Operation, target);
        WarnOfVersions(steps, options);
        AtomicPath.RemoveLeftovers(StepsOf(target));
        AtomicPath.Check(target, options.Overwrite ? ExistingFiles.Replace : ExistingFiles.Refuse);
        Work(source, target, steps, kinds, options);
        var hash = HashOf(target);
        return new ReplayReport(steps.Count, hash, log.Hash is { } expected ? hash == expected : null);
    }

    /// <summary>Runs the steps; what lies between goes into a folder that is gone at the end.</summary>
    static void Work(string source, string target, IReadOnlyList<ReplayStep> steps, List<IReplay> kinds, ReplayOptions options)
    {
        var folder = AtomicPath.Temporary(StepsOf(target));
        var made = new Dictionary<ReplayStep, string>(ReferenceEqualityComparer.Instance);
        try
        {
            if (steps.Count > 1)
                AtomicPath.Writing(folder, () => Directory.CreateDirectory(folder));
            foreach (var (step, kind) in steps.Zip(kinds))
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                var output = made[step] = step == steps[^1] ? target : Path.Combine(folder, $"{made.Count}{EndingOf(step.Operation)}");
                string[] inputs = [.. step.Inputs.Select(input => input.Path ?? made[input.Step!])];
                kind.Run(new ReplayedOperation(source, step.Operation, inputs, output, Path.Combine(folder, $"{made.Count}-meanwhile"), options));
                if (output != target && HashOf(output) is var hash && hash != step.Output)
                    throw new CheckpointException($"The operation '{step.Operation.Name}' of version {step.Operation.Version} in {source} gives {hash} now; the log says {step.Output}.",
                        "Find the file it made then, and name it with --from; or replay with that version.");
            }
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whoever writes the target removes what others have left of it; this is no leftover.</summary>
    static string StepsOf(string target) => Path.TrimEndingDirectorySeparator(target) + "-steps";

    static IReplay KindOf(LoggedOperation operation, string source, ReplayOptions options) =>
        Own.Concat(options.More).FirstOrDefault(replay => replay.Operations.Contains(operation.Name)) ?? throw new UnsupportedModelException(
            $"The operation '{operation.Name}' in the log {source} cannot be done again by this version.", "Find the file it made, and name it with --from.");

    static void CheckTarget(LoggedOperation operation, string target)
    {
        var ending = EndingOf(operation);
        if (ending.Length > 0 ? !target.EndsWith(ending, StringComparison.OrdinalIgnoreCase) : Path.GetExtension(target) is ".gguf" or ".brick")
            throw new CheckpointException($"The log tells of {(ending.Length > 0 ? $"a {ending} file" : "a folder")}; {target} is to be something else.", ending.Length > 0 ? $"Give the output a name that ends in {ending}." : "Name a folder.");
    }

    static string EndingOf(LoggedOperation operation) => operation.Arguments.GetValueOrDefault(BrickLog.Form) switch
    {
        BrickLog.OwnForm => ".brick",
        BrickLog.PeftForm or "folder" => "",
        _ => ".gguf",
    };

    static void WarnOfVersions(IReadOnlyList<ReplayStep> steps, ReplayOptions options)
    {
        foreach (var version in steps.Select(step => step.Operation.Version).Distinct().Where(version => version != OperationLog.Version))
            options.Warn?.Invoke($"Version {version} did this; this is {OperationLog.Version}, whose bytes may differ.");
    }

    /// <summary>Of a file, of the files of a folder, or of all parts of a model in several files.</summary>
    static string HashOf(string path)
    {
        if (File.Exists(path) || Directory.Exists(path))
            return ContentHash.Of(path).Text;
        var first = Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, $"{Path.GetFileNameWithoutExtension(path)}-00001-of-*.gguf").Single();
        return ContentHash.OfFiles(Formats.Gguf.GgufSplit.PartsOf(first)).Text;
    }
}
