namespace Brickwork.Formats.BrickFiles;

/// <summary>The names of bricks: files are called like them, and logs hold one a line.</summary>
static class BrickId
{
    /// <summary>Whether a file may have this name, and a line hold it.</summary>
    public static bool IsValid(string id) => id.Length > 0 && !id.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()) && !id.Any(letter => letter is '/' or '\\' || char.IsControl(letter));

    /// <exception cref="CheckpointException">It is no name of a brick.</exception>
    public static string Check(string id, string source) => IsValid(id) ? id : throw new CheckpointException(
        $"The brick {source} has {(id.Length == 0 ? "no id" : $"the id '{id.ReplaceLineEndings(" ")}'")}; expected a name that a file may have, without '/' and '\\'.",
        "Give it another name where it is made.");
}
