using Brickwork.Kernels.Blocks;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Files that are written while their tensors are made.</summary>
public sealed class StreamedFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public StreamedFileTests()
    {
        foreach (var (name, seed) in ((string, int)[])[("a", 1), ("b", 2), ("base", 3)])
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File($"{name}.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dare_ties", "weight: 1, density: 0.5"), InlineData("della", "weight: 1, density: 0.5"), InlineData("arcee_fusion", "")]
    public void Neither_the_number_of_files_nor_their_form_changes_what_chance_leaves(string method, string parameters)
    {
        var models = method == "arcee_fusion" ? "a.gguf" : "a.gguf, b.gguf";
        var recipe = MergeRecipe.Parse($"merge_method: {method}\nbase_model: base.gguf\nparameters: {{{parameters}}}\nmodels: [{models}]", _folder.File("recipe.yml"));
        void Save(string target, long? most)
        {
            using var plan = recipe.Plan(new MergeOptions { Seed = 5, MaxFileBytes = most });
            plan.Save(_folder.File(target));
        }
        Save("one.gguf", null);
        Save("many.gguf", 20_000);
        Save("folder", 20_000);

        var parts = Directory.GetFiles(_folder.Path, "many-00001-of-*.gguf").ShouldHaveSingleItem();
        Directory.GetFiles(_folder.Path, "many-*.gguf").Length.ShouldBeGreaterThan(3);
        Directory.GetFiles(_folder.File("folder"), "model-0*.safetensors").Length.ShouldBeGreaterThan(3);
        File.Exists(_folder.File("folder", "model.safetensors.index.json")).ShouldBeTrue();
        using var one = CheckpointFile.Open(_folder.File("one.gguf"));
        using var many = CheckpointFile.Open(parts);
        using var folder = LanguageModel.Load(_folder.File("folder"));
        foreach (var info in one.Tensors)
        {
            many.Open(info.Name).Floats.ToArray().ShouldBe(one.Open(info.Name).Floats.ToArray(), info.Name);
            folder.Checkpoint.Open(info.Name).ToFloats().Floats.ToArray().ShouldBe(one.Open(info.Name).Floats.ToArray(), info.Name);
        }
    }

    [Theory]
    [InlineData("float16"), InlineData("bfloat16"), InlineData("q8_0"), InlineData("float32")]
    public void They_hold_what_is_made_at_once_rounded_once(string type)
    {
        var recipe = MergeRecipe.Parse(
            $"merge_method: ties\nbase_model: base.gguf\nparameters: {{density: 0.5, weight: 1}}\nmodels: [{{model: a.gguf}}, {{model: b.gguf}}]\nout_dtype: {type}", _folder.File("recipe.yml"));
        using (var plan = recipe.Plan(new MergeOptions { Threads = 3 }))
            plan.Save(_folder.File("merged.gguf"));
        using var written = CheckpointFile.Open(_folder.File("merged.gguf"));
        using var alone = recipe.Plan(new MergeOptions { Threads = 1 });
        using var made = alone.Merged();

        foreach (var info in written.Tensors)
        {
            var (stored, whole) = (written.Open(info.Name), made.Open(info.Name));
            var expected = new byte[(int)stored.RowBytes];
            for (var row = 0; row < stored.Rows; row++)
            {
                Quantizer.Run(stored.Type, whole.Row(row), expected);
                stored.RowSpan(row, 1).ToArray().ShouldBe(expected, info.Name);
            }
        }
    }
}
