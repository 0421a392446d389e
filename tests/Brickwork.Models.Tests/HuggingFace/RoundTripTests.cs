using Brickwork.TestKit;

namespace Brickwork.Models.Tests.HuggingFace;

public class RoundTripTests
{
    // Gemma keeps the gains of its norms less 1: one rounding each way.
    static readonly string[] Calculated = ["gemma-f16", "gemma2-f32", "gemma3-f32", "gemma-embedding-f16"];

    public static TheoryData<string> Families { get; } =
    [
        "llama-gqa-f32", "llama-tied-llama3rope-f16", "llama-yarn-f16", "llama-mha-linear-bias-f16", "llama-mqa-bf16", "llama-mixtral-f32",
        "mistral3-f16", "qwen2-f32", "qwen2moe-f16", "qwen3-f32", "qwen3moe-f16", "gemma-f16", "gemma2-f32", "gemma3-f32", "phi2-f16", "phi3-long-f16",
        "phi3-short-q8_0", "granite-f16", "granitemoe-q8_0", "olmo2-f16", "olmoe-f16", "starcoder2-f16", "gpt2-f16", "gptneox-f16", "stablelm-f16",
        "smollm3-f16", "command-r-f16", "falcon-f16", "deepseek2-mla-f16", "gpt-oss-f16", "gpt-oss-mxfp4", "bert-f32", "nomic-bert-f16", "bloom-f16",
        "hunyuan-dense-f16",
    ];

    [SkippableTheory, MemberData(nameof(Families))]
    public void A_model_gives_the_same_logits_after_a_way_through_a_Hugging_Face_folder_and_back(string id)
    {
        using var folder = new TemporaryFolder();
        var (plain, huggingFace, back) = (folder.File("plain.gguf"), folder.File("model"), folder.File("back.gguf"));
        ModelConverter.Convert(PicoFamilies.Require(id), plain, new ConvertOptions { Type = "F32" });
        var expected = PicoFamilies.Outputs(plain);

        ModelConverter.Convert(plain, huggingFace, new ConvertOptions { Type = "F32" });
        ModelConverter.Convert(huggingFace, back);

        var tolerance = Calculated.Contains(id) ? 2e-5f : 0;
        Distance(PicoFamilies.Outputs(huggingFace), expected).ShouldBeLessThanOrEqualTo(tolerance, "as a folder");
        Distance(PicoFamilies.Outputs(back), expected).ShouldBeLessThanOrEqualTo(tolerance, "as GGUF again");
    }

    static float Distance(float[] found, float[] expected)
    {
        found.Length.ShouldBe(expected.Length);
        return found.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second));
    }
}
