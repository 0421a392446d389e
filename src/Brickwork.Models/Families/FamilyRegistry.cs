namespace Brickwork.Models.Families;

/// <summary>The families this version knows, by exact name.</summary>
static class FamilyRegistry
{
    /// <summary>Every family; a new one is a file in this folder and a line here.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        new Bert(),
        new Bloom(),
        new CommandR(),
        new DeepSeek2(),
        new Falcon(),
        new Gemma(),
        new Gemma2(),
        new Gemma3(),
        new Gemma4(),
        new GemmaEmbedding(),
        new Glm4Moe(),
        new Gpt2(),
        new GptNeoX(),
        new GptOss(),
        new Granite(),
        new GraniteHybrid(),
        new GraniteMoe(),
        new HunyuanDense(),
        new Jamba(),
        new Lfm2(),
        new Llama(),
        new Llama4(),
        new Mamba(),
        new Mamba2(),
        new Mistral3(),
        new NomicBert(),
        new Olmo2(),
        new Olmoe(),
        new Phi2(),
        new Phi3(),
        new Qwen2(),
        new Qwen2Moe(),
        new Qwen2Vl(),
        new Qwen3(),
        new Qwen35(),
        new Qwen3Moe(),
        new Rwkv7(),
        new SmolLm3(),
        new StableLm(),
        new StarCoder2(),
    ];

    static readonly Dictionary<string, Family> ByName = All.ToDictionary(family => family.Architecture, StringComparer.Ordinal);

    /// <summary>The family of that name.</summary>
    /// <exception cref="UnsupportedModelException">There is none.</exception>
    public static Family Find(string architecture, string source) => ByName.GetValueOrDefault(architecture) ?? throw new UnsupportedModelException(
        $"{source} holds a model of the architecture '{architecture}', which this version does not have; it has {string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal))}.",
        "Look at docs/families.md for what runs, or ask for the family in an issue.");
}
