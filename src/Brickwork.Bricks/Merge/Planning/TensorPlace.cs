using System.Globalization;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>Where in a model a tensor stands.</summary>
/// <param name="Layer">Its layer, or null.</param>
/// <param name="Rest">The name behind the layer, or all of it.</param>
readonly record struct TensorPlace(int? Layer, string Rest)
{
    public const string Embedding = "token_embd.weight";
    public const string Head = "output.weight";

    const string Prefix = "blk.";

    /// <summary>Whether its rows are tokens.</summary>
    public bool IsVocabulary => Layer is null && Rest is Embedding or Head or "output.bias";

    /// <summary>Whether it stands behind the layers.</summary>
    public bool IsLast => Layer is null && Rest.StartsWith("output", StringComparison.Ordinal);

    public static TensorPlace Of(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.IndexOf('.', Prefix.Length) is > 0 and var dot
        && int.TryParse(name.AsSpan(Prefix.Length, dot - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            ? new(layer, name[(dot + 1)..]) : new(null, name);

    public static string In(int layer, string rest) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{layer}.{rest}");
}
