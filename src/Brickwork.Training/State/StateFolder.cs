using System.Globalization;

namespace Brickwork.Training.State;

/// <summary>The checkpoints of a training in its folder, by the number of steps.</summary>
/// <param name="folder">The training's folder.</param>
sealed class StateFolder(string folder)
{
    const string Prefix = "checkpoint-";
    const string Extension = ".gguf";
    readonly string _folder = Path.Combine(folder, "checkpoints");

    /// <summary>The file for a number of steps.</summary>
    public string PathOf(long stepsDone) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{stepsDone:D9}{Extension}"));

    /// <summary>The complete files, the newest first.</summary>
    public IReadOnlyList<string> Files() => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder, $"{Prefix}*{Extension}").OrderDescending(StringComparer.Ordinal)]
        : [];

    /// <summary>Saves a state and removes what is older than the newest <paramref name="keep"/>.</summary>
    /// <returns>The file.</returns>
    public string Save(TrainingState state, int keep)
    {
        Directory.CreateDirectory(_folder);
        var path = PathOf(state.StepsDone);
        state.Save(path);
        foreach (var old in Files().Skip(keep))
            File.Delete(old);
        return path;
    }

    /// <summary>Removes all checkpoints.</summary>
    public void RemoveAll()
    {
        foreach (var file in Files())
            File.Delete(file);
    }

    /// <summary>Removes what a process that was killed while writing has left.</summary>
    public void RemoveUnfinished()
    {
        if (!Directory.Exists(_folder))
            return;
        foreach (var file in Directory.EnumerateFiles(_folder, $"{Prefix}*{Formats.Writing.AtomicPath.Extension}"))
            File.Delete(file);
    }

    /// <summary>Opens the newest sound checkpoint.</summary>
    /// <param name="warn">Told of every damaged one that is passed over.</param>
    /// <param name="files">What its tensors look into; to be disposed after their last use.</param>
    /// <exception cref="CheckpointException">There is none.</exception>
    public TrainingState OpenNewest(Action<string> warn, out IDisposable files)
    {
        CheckpointException? fault = null;
        foreach (var path in Files())
        {
            try
            {
                var state = TrainingState.Open(path, out files);
                if (fault is not null)
                    warn($"{fault.Message} Training goes on from the one before it, {path}.");
                return state;
            }
            catch (CheckpointException damaged)
            {
                fault ??= damaged;
            }
        }
        throw fault is null
            ? new CheckpointException($"There is no checkpoint in {_folder}.", "Start the training without --resume.")
            : new CheckpointException($"No checkpoint in {_folder} is sound. {fault.Message}", "Start the training anew: without --resume, with --force.", fault);
    }
}
