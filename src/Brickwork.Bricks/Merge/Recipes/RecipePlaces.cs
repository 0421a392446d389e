namespace Brickwork.Bricks.Merge.Recipes;

/// <summary>Where the files are that a recipe names: beside it, or where somebody says they are now.</summary>
/// <param name="folder">The folder of the recipe.</param>
/// <param name="moved">Names whose files lie elsewhere.</param>
sealed class RecipePlaces(string folder, IReadOnlyDictionary<string, string> moved)
{
    public static RecipePlaces Of(MergeRecipe recipe, MergeOptions options) => new(recipe.Folder, options.Places) { AnyParent = options.AnyParent };

    /// <summary>Whether bricks may go into other models than they were made for.</summary>
    public bool AnyParent { get; init; }

    public bool IsMoved(string name) => moved.ContainsKey(name);

    /// <summary>The file or folder; null where there is none of that name.</summary>
    public string? Find(string name) => moved.TryGetValue(name, out var place) ? place
        : Path.Combine(folder, name) is var beside && Exists(beside) ? beside
        : Exists(name) ? name : null;

    /// <exception cref="RecipeException">There is none.</exception>
    public string FindBrick(string name) => Find(name) ?? throw new RecipeException($"The brick {name} does not exist.", "Name a .brick file, an adapter in GGUF, or a PEFT folder; paths begin in the folder of the recipe.");

    static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
}
