using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Forms of files that keep the same model differently: rows of queries in another order, gains of norms less 1.</summary>
public sealed class LayoutTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama", "slerp"), InlineData("llama", "nuslerp"), InlineData("gemma2", "slerp"), InlineData("gemma2", "linear")]
    public void A_folder_and_a_file_merge_as_two_files_do(string family, string method)
    {
        Save(family);
        var parameters = method == "slerp" ? "t: 0.3" : "weight: 1";
        var origin = method == "slerp" ? "base_model: b.gguf\n" : "";
        string Models(string first) => method == "slerp" ? $"[{first}]" : $"[{first}, b.gguf]";

        using var files = Merged($"merge_method: {method}\nparameters: {{{parameters}}}\n{origin}models: {Models("a.gguf")}");
        using var mixed = Merged($"merge_method: {method}\nparameters: {{{parameters}}}\n{origin}models: {Models("a")}");

        foreach (var tensor in files.Tensors)
            ((ReadOnlySpan<float>)mixed.Open(tensor.Name).Floats).ShouldBeClose(files.Open(tensor.Name).Floats, Tolerance.Within(1e-6, "a gain less 1 is rounded when it is written"), tensor.Name);
    }

    [Fact]
    public void Gains_that_the_family_keeps_less_one_are_merged_less_one()
    {
        Save("gemma2");
        var (a, b) = (Less(1, "blk.0.ffn_norm.weight"), Less(2, "blk.0.ffn_norm.weight"));

        using var merged = Merged("merge_method: slerp\nbase_model: b.gguf\nparameters: {t: 0.3}\nmodels: [a.gguf]");

        float[] expected = [.. SetS.Run("slerp", b, [a], "t=.3", shape: new Shape(a.Length)).Select(value => value + 1)];
        ((ReadOnlySpan<float>)merged.Open("blk.0.ffn_norm.weight").Floats).ShouldBeClose(expected, Tolerance.Within(1e-6, "roundings near 1"));

        static float[] Less(int seed, string name) => [.. PicoModel.WindowedCheckpoint(seed).Open(name).Floats.ToArray().Select(value => value - 1)];
    }

    void Save(string family)
    {
        foreach (var (name, seed) in ((string, int)[])[("a", 1), ("b", 2)])
        {
            var model = family == "llama" ? PicoModel.LlamaCheckpoint(seed) : PicoModel.WindowedCheckpoint(seed);
            PicoModel.Save(model, _folder.File(name + ".gguf"));
            ModelConverter.Convert(model, _folder.File(name));
        }
    }

    Checkpoint Merged(string yaml) => MergeRecipe.Parse(yaml, _folder.File("recipe.yml")).Plan().Merged();
}
