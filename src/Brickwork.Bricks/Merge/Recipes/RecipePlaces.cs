using Brickwork.Models.Loading;

namespace Brickwork.Bricks.Merge.Recipes;

/// <summary>Where the files are that a recipe names: beside it, where Hugging Face's libraries keep them, or where somebody says they are now.</summary>
/// <param name="folder">The folder of the recipe.</param>
/// <param name="moved">Names whose files lie elsewhere.</param>
sealed class RecipePlaces(string folder, IReadOnlyDictionary<string, string> moved)
{
    readonly string[] _downloads = [folder, ModelFolder.Path, DownloadedModels.Cache];

    public static RecipePlaces Of(MergeRecipe recipe, MergeOptions options) => new(recipe.Folder, options.Places) { AnyParent = options.AnyParent };

    /// <summary>Whether bricks may go into other models than they were made for.</summary>
    public bool AnyParent { get; init; }

    /// <summary>Whether the file or folder of a name is called otherwise itself.</summary>
    public bool IsCalledOtherwise(string name) => moved.ContainsKey(name) || Beside(name) is null;

    /// <summary>The file or folder; null where there is none of that name.</summary>
    public string? Find(string name) => moved.TryGetValue(name, out var place) ? place : Beside(name) ?? DownloadedModels.Find(name, _downloads);

    /// <exception cref="RecipeException">There is none.</exception>
    public string FindBrick(string name) => Find(name) ?? throw (Exception?)Missing(name)
        ?? new RecipeException($"The brick {name} does not exist.", "Name a .brick file, an adapter in GGUF, or a PEFT folder; paths begin in the folder of the recipe.");

    /// <summary>What is to be said of a name with a revision; null where it has none, or is that of a model in the models folder.</summary>
    public CheckpointException? Missing(string name) => ModelFolder.Locate(name) is null ? DownloadedModels.Missing(name, _downloads) : null;

    string? Beside(string name) => Path.Combine(folder, name) is var beside && Exists(beside) ? beside : Exists(name) ? name : null;

    static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
}
