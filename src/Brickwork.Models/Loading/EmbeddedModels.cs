using Brickwork.Tensors.Storage;

namespace Brickwork.Models.Loading;

/// <summary>The small models that this assembly carries.</summary>
static class EmbeddedModels
{
    const string Prefix = "models/";

    /// <summary>The one that is used where the user names none.</summary>
    public const string Default = "brickwork-dense";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(EmbeddedModels).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".gguf", StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^".gguf".Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The checkpoint of that name, or null where there is none.</summary>
    public static Checkpoint? TryOpen(string name) =>
        ResourceStorage.TryOpen(typeof(EmbeddedModels).Assembly, $"{Prefix}{name}.gguf") is { } storage
            ? GgufCheckpoint.Read(storage, $"embedded model {name}")
            : null;
}
