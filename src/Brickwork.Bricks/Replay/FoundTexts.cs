using System.Globalization;
using Brickwork.Bricks.Log;
using Brickwork.Formats.Writing;

namespace Brickwork.Bricks.Replay;

/// <summary>The texts of an operation that is done again, under the names they had: an ending says how a file is read.</summary>
sealed class FoundTexts(ReplayedOperation work)
{
    /// <summary>Where copies go of what is called otherwise now.</summary>
    readonly string _folder = Path.Combine(work.Folder, "texts");

    /// <summary>The number of each group of copies. A log may say any role: none becomes part of a path.</summary>
    readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal);

    /// <summary>The entries of a list of texts, each a file or a folder.</summary>
    public IReadOnlyList<string> Entries() =>
        [.. Enumerable.Range(0, work.Operation.Inputs.Select(input => input.Role).Where(LoggedTexts.IsEntry).Distinct().Count()).Select(PathOf)];

    /// <summary>One entry of a list of texts.</summary>
    public string PathOf(int entry) => Find(LoggedTexts.RoleOf(entry)) ?? throw work.Wrong($"has no texts for entry {entry + 1}");

    /// <summary>The file of a role, or the folder, whose files are put together again; null where there is none.</summary>
    public string? Find(string role)
    {
        string? found = null;
        foreach (var (input, path) in work.InputsOf(role))
        {
            var place = Named(path, role, input.Name);
            found ??= input.Name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? CopyOf(role, input.Name[..slash]) : place;
        }
        return found;
    }

    /// <summary>A file under the name it had; folders and embedded models stay as they are.</summary>
    /// <param name="path">Where it lies now.</param>
    /// <param name="group">What a copy lies together with; any text.</param>
    /// <param name="name">The name it had, from a folder on where it was in one.</param>
    public string Named(string path, string group, string name)
    {
        if (Path.GetFileName(path) == name || !File.Exists(path))
            return path;
        var copy = CopyOf(group, name);
        AtomicPath.Writing(copy, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (!File.Exists(copy))
                File.Copy(path, copy);
        });
        return copy;
    }

    string CopyOf(string group, string name)
    {
        // A name in a log must not lead out of the folder.
        if (name.Split('/').Any(part => part is "" or "." or ".." || part.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0))
            throw work.Wrong($"names an input '{name}', which is no name of a file");
        if (!_groups.TryGetValue(group, out var number))
            _groups[group] = number = _groups.Count.ToString(CultureInfo.InvariantCulture);
        return Path.Combine(_folder, number, name);
    }
}
