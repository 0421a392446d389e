using Brickwork.Models.Loading;

namespace Brickwork;

/// <summary>Where models with short names are found: inside this library, and in the models folder.</summary>
public static class ModelFolder
{
    /// <summary>The environment variable that names the models folder.</summary>
    public const string Variable = "BRICKWORK_MODELS";

    /// <summary>The models folder: what the environment says, or else <c>.brickwork/models</c> in the user's own folder.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
        ? folder
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".brickwork", "models");

    /// <summary>The model that is used where none is named.</summary>
    public static string Default => EmbeddedModels.Default;

    /// <summary>The models inside the library.</summary>
    public static IReadOnlyList<string> Embedded => EmbeddedModels.Names;

    /// <summary>The models in the folder: GGUF files without their ending, and folders with a config.json.</summary>
    public static IReadOnlyList<string> Found()
    {
        if (!Directory.Exists(Path))
            return [];
        var files = Directory.EnumerateFiles(Path, "*.gguf").Select(System.IO.Path.GetFileNameWithoutExtension);
        var folders = Directory.EnumerateDirectories(Path).Where(folder => File.Exists(System.IO.Path.Combine(folder, "config.json")))
            .Select(System.IO.Path.GetFileName);
        return [.. files.Concat(folders).OfType<string>().Order(StringComparer.Ordinal)];
    }

    /// <summary>The file or folder a name stands for: itself where it exists, or else a model in the folder; null where there is neither.</summary>
    internal static string? Locate(string name)
    {
        string[] places = [name, System.IO.Path.Combine(Path, name), System.IO.Path.Combine(Path, name + ".gguf")];
        return places.FirstOrDefault(place => File.Exists(place) || Directory.Exists(place));
    }
}
