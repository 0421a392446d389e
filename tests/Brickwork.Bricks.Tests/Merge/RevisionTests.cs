using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Recipes name models by revision, <c>path[@rev][+lora[@rev]]</c>, as mergekit's do; what was downloaded is found in the layout of Hugging Face's libraries.</summary>
public sealed class RevisionTests : IDisposable
{
    const string First = "1111111111111111111111111111111111111111", Second = "2222222222222222222222222222222222222222";

    readonly TemporaryFolder _folder = new();

    public RevisionTests()
    {
        foreach (var (commit, seed) in ((string, int)[])[(First, 1), (Second, 2)])
        {
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File($"{seed}.gguf"));
            Directory.CreateDirectory(_folder.File("models--pico--tales", "snapshots"));
            ModelConverter.Convert(_folder.File($"{seed}.gguf"), _folder.File("models--pico--tales", "snapshots", commit));
        }
        _folder.Write("models--pico--tales/refs/main", Second);
        _folder.Write("models--pico--tales/refs/v1", First + "\n");
        using var model = LanguageModel.Load(_folder.File("2.gguf"));
        Directory.CreateDirectory(_folder.File("models--pico--poet", "snapshots"));
        PicoBricks.Make("lora", model).SavePeft(_folder.File("models--pico--poet", "snapshots", First), model);
        _folder.Write("models--pico--poet/refs/main", First);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pico/tales", "2.gguf")]
    [InlineData("pico/tales@main", "2.gguf")]
    [InlineData("pico/tales@v1", "1.gguf")]
    [InlineData("pico/tales@" + First, "1.gguf")]
    public void A_revision_is_found_by_branch_tag_or_commit(string reference, string same) => Values(Merge(reference)).ShouldBe(Values(_folder.File(same)));

    [Theory]
    [InlineData("pico/tales@main+pico/poet@main"), InlineData("pico/tales+pico/poet@" + First), InlineData("2.gguf+pico/poet")]
    public void A_brick_has_a_revision_of_its_own(string reference)
    {
        using var model = LanguageModel.Load(_folder.File("2.gguf"));
        model.SaveMerged(PicoBricks.Make("lora", model), new PlugOptions(), _folder.File("expected.gguf"));

        Values(Merge(reference)).ShouldBe(Values(_folder.File("expected.gguf")));
    }

    [Theory]
    [InlineData("pico/tales@v1"), InlineData("pico/tales+pico/poet@main")]
    public void A_merge_of_revisions_is_made_again(string reference)
    {
        var merged = Merge(reference);
        var elsewhere = Directory.CreateDirectory(_folder.File("elsewhere")).FullName;
        foreach (var folder in Directory.GetDirectories(_folder.Path, "models--*"))
            Directory.Move(folder, Path.Combine(elsewhere, Path.GetFileName(folder)[^5..]));

        OperationReplay.Run(merged, _folder.File("again.gguf"), new ReplayOptions { Places = [elsewhere] }).IsSame.ShouldBe(true);
    }

    [Fact]
    public void A_file_whose_name_holds_an_at_is_that_file()
    {
        File.Copy(_folder.File("1.gguf"), _folder.File("tales@v2.gguf"));

        Values(Merge("tales@v2.gguf")).ShouldBe(Values(_folder.File("1.gguf")));
    }

    [Theory]
    [InlineData("pico/tales@v9", "'v9'", "v1")]
    [InlineData("pico/other@v1", "'pico/other'", "found none")]
    [InlineData("pico/tales@v1+pico/poet@v9", "'pico/poet'", "main")]
    [InlineData("1.gguf@v1", "does not say what revision it is", "1.gguf")]
    public void A_revision_that_is_not_there_is_refused(string reference, string what, string found)
    {
        var fault = Should.Throw<CheckpointException>(() => Merge(reference));

        fault.Message.ShouldContain(what);
        fault.Message.ShouldContain(found);
    }

    string Merge(string reference)
    {
        using var plan = MergeRecipe.Parse($"merge_method: passthrough\nmodels: [{reference}]\n", _folder.File("recipe.yml")).Plan(new MergeOptions { AnyParent = true });
        plan.Save(_folder.File("out.gguf"));
        return _folder.File("out.gguf");
    }

    /// <summary>Every tensor by name and values.</summary>
    static string Values(string path)
    {
        using var model = CheckpointFile.Open(path);
        return string.Join('\n', model.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor => $"{tensor.Name} {Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(model.Open(tensor.Name).ToFloats().Floats))}"));
    }
}
