using System.Globalization;
using System.Text;
using Brickwork.Bricks.Merge.Mixtures;
using Brickwork.Bricks.Merge.Recipes;

namespace Brickwork.Bricks.Merge;

/// <summary>What lies beside the weights of a merge in a folder: a README card and the recipe, under the names that mergekit gives them.</summary>
static class MergeCard
{
    const string Readme = "README.md", Configuration = "mergekit_config.yml";

    /// <summary>The files by name. Nothing in them depends on when or where the merge was made.</summary>
    public static IReadOnlyDictionary<string, string> Of(MergeRecipe recipe, MergeOptions options) =>
        new Dictionary<string, string> { [Readme] = Text(recipe, options), [Configuration] = recipe.Text };

    static string Text(MergeRecipe recipe, MergeOptions options)
    {
        var card = new StringBuilder();
        card.Append("---\ntags:\n- merge\n- brickwork\n---\n");
        card.Append(CultureInfo.InvariantCulture, $"# {recipe.ResultName}\n\nMade by Brickwork {OperationLog.Version} from these models, by the recipe below.\n");
        if (recipe.Mixture is { } mixture)
            AddMixture(card, mixture);
        foreach (var document in recipe.Documents)
            Add(card, document, recipe);
        card.Append(CultureInfo.InvariantCulture, $"\nArithmetic: {options.Dialect.ToString().ToLowerInvariant()}{(options.StrictCompatibility ? ", its known defects included" : "")}");
        card.Append(options.Seed is { } seed ? string.Create(CultureInfo.InvariantCulture, $"; seed {seed}.\n") : ".\n");
        return card.Append(CultureInfo.InvariantCulture, $"\n```yaml\n{recipe.Text.TrimEnd()}\n```\n").ToString();
    }

    static void Add(StringBuilder card, MergeDocument document, MergeRecipe recipe)
    {
        var name = document.Name is { } own && recipe.Documents.Count > 1 ? $"{own}: " : "";
        card.Append(CultureInfo.InvariantCulture, $"\n{name}`{document.Method}`{(document.BaseModel is { } origin ? $" with the base `{origin}`" : "")} of\n");
        foreach (var model in document.Slices.SelectMany(slice => slice.Inputs).Select(input => input.Model).Distinct(StringComparer.Ordinal))
            card.Append(CultureInfo.InvariantCulture, $"- `{model}`\n");
    }

    static void AddMixture(StringBuilder card, MixtureDocument mixture)
    {
        card.Append(CultureInfo.InvariantCulture, $"\nA mixture of experts with the base `{mixture.BaseModel}` and\n");
        foreach (var expert in mixture.Experts)
            card.Append(CultureInfo.InvariantCulture, $"- `{expert.Model}`\n");
    }
}
