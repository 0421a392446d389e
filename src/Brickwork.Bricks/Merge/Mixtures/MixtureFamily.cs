namespace Brickwork.Bricks.Merge.Mixtures;

/// <summary>What a family of dense models becomes when its feed-forward parts are experts.</summary>
/// <param name="Dense">As GGUF names the family.</param>
/// <param name="Sparse">As it names the family with experts.</param>
/// <param name="Names">What <c>architecture:</c> calls it.</param>
/// <param name="HasShared">Whether an expert works for every token: it must be there, or must not.</param>
sealed record MixtureFamily(string Dense, string Sparse, string[] Names, bool HasShared)
{
    static readonly MixtureFamily[] All =
    [
        new("llama", "llama", ["mixtral", "llama"], HasShared: false),
        new("qwen2", "qwen2moe", ["qwen", "qwen2_moe", "qwen2moe"], HasShared: true),
        new("qwen3", "qwen3moe", ["qwen3", "qwen3_moe", "qwen3moe"], HasShared: false),
    ];

    public static MixtureFamily? Of(string dense) => All.FirstOrDefault(family => family.Dense == dense);

    public static string Known => string.Join(", ", All.Select(family => family.Dense));
}
