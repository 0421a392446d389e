using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Files;

/// <summary>The defect these tests are about: llama.cpp's converter writes one α for all, so that rsLoRA and patterns of rank and α are lost.</summary>
public sealed class GgufAdapterTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lora")]
    [InlineData("rslora")]
    [InlineData("embedding")]
    [InlineData("vector")]
    public void No_scale_is_lost_on_the_way_through_gguf(string name)
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make(name, model);
        brick.SaveGguf(_folder.File("a.gguf"), model);

        var read = Brick.Open(_folder.File("a.gguf"));

        read.Kind.ShouldBe(brick.Kind);
        read.Id.ShouldBe(brick.Id);
        read.Manifest.Parent.ShouldBe(brick.Manifest.Parent);
        read.LargestDifference(brick).ShouldBeLessThan(1e-6);
        if (name is "lora" or "rslora")
            using (var file = GgufCheckpoint.OpenFile(_folder.File("a.gguf")))
                file.Metadata.Float("adapter.lora.alpha").ShouldBe(4, "alpha = rank, so that the factor is 1");
    }

    [Fact]
    public void Ranks_that_differ_are_written_without_a_common_scale()
    {
        using var model = PicoModel.Llama();
        var random = new Random(1);
        var brick = PicoBricks.Of("mixed", BrickKind.Lora,
            ("blk.0.attn_q.weight.lora_a", PicoBricks.Draw(random, 1, 2, 32)), ("blk.0.attn_q.weight.lora_b", PicoBricks.Draw(random, 1, 32, 2)), ("blk.0.attn_q.weight.lora_factor", Tensor.From([3], 1)),
            ("blk.0.attn_v.weight.lora_a", PicoBricks.Draw(random, 1, 4, 32)), ("blk.0.attn_v.weight.lora_b", PicoBricks.Draw(random, 1, 16, 4)), ("blk.0.attn_v.weight.lora_factor", Tensor.From([0.5f], 1)));
        brick.SaveGguf(_folder.File("a.gguf"), model);

        using (var file = GgufCheckpoint.OpenFile(_folder.File("a.gguf")))
            file.Metadata.Float("adapter.lora.alpha").ShouldBe(0, "llama.cpp then takes the user's scale alone");
        Brick.Open(_folder.File("a.gguf")).LargestDifference(brick).ShouldBeLessThan(1e-6);
    }

    [Theory]
    [InlineData("\"r\": 4, \"lora_alpha\": 8, \"use_rslora\": true", 4)]
    [InlineData("\"r\": 2, \"rank_pattern\": {\"v_proj\": 4}, \"lora_alpha\": 3, \"alpha_pattern\": {\"layers.1.self_attn.v_proj\": 10}", 2.5)]
    public void Scales_of_a_PEFT_folder_are_what_llama_cpp_makes_of_the_adapter(string settings, double factor)
    {
        using var model = PicoModel.Llama();
        var random = new Random(1);
        var (down, up) = (PicoBricks.Draw(random, 1, 4, 32), PicoBricks.Draw(random, 1, 16, 4));
        const string Module = "base_model.model.model.layers.1.self_attn.v_proj.lora_";
        _folder.Write("peft/adapter_config.json", $"{{\"peft_type\": \"LORA\", \"target_modules\": [\"v_proj\"], {settings}}}");
        using (var writer = SafetensorsWriter.Create(_folder.File("peft", "adapter_model.safetensors"), new Dictionary<string, string>(), [new(Module + "A.weight", down.Type, down.Shape), new(Module + "B.weight", up.Type, up.Shape)]))
        {
            writer.Write(Module + "A.weight", down);
            writer.Write(Module + "B.weight", up);
            writer.Complete();
        }

        Brick.Open(_folder.File("peft"), model).SaveGguf(_folder.File("a.gguf"), model);

        // As llama.cpp reads it: α/r·BA.
        using var file = GgufCheckpoint.OpenFile(_folder.File("a.gguf"));
        var (a, b, scale) = (file.Open("blk.1.attn_v.weight.lora_a"), file.Open("blk.1.attn_v.weight.lora_b"), file.Metadata.Float("adapter.lora.alpha") / 4);
        for (var row = 0; row < 16; row++)
            for (var column = 0; column < 32; column++)
                (scale * Enumerable.Range(0, 4).Sum(index => (double)b.Row(row)[index] * a.Row(index)[column]))
                    .ShouldBe(factor * Enumerable.Range(0, 4).Sum(index => (double)up.Row(row)[index] * down.Row(index)[column]), 1e-6);
    }

    [Fact]
    public void An_adapter_knows_the_model_it_was_made_for()
    {
        using var model = PicoModel.Llama();
        using var other = PicoModel.Llama(seed: 2);
        var brick = PicoBricks.Make("lora", model).UnderLicence("MIT");
        brick.SaveGguf(_folder.File("a.gguf"), model);
        brick.SavePeft(_folder.File("peft"), model);

        foreach (var read in (Brick[])[Brick.Open(_folder.File("a.gguf")), Brick.Open(_folder.File("peft"), model)])
        {
            Should.Throw<CheckpointException>(() => other.Plug(read)).NextStep.ShouldContain("--any-parent");
            read.Manifest.Licence.ShouldBe("MIT");
            model.Plug(read).Dispose();
        }
        Should.Throw<CheckpointException>(() => brick.SaveGguf(_folder.File("b.gguf"), other)).Message.ShouldContain(other.Fingerprint);
        Should.Throw<CheckpointException>(() => brick.SavePeft(_folder.File("b"), other)).Message.ShouldContain(other.Fingerprint);
        Directory.GetFileSystemEntries(_folder.Path).Length.ShouldBe(2);
        brick.SaveGguf(_folder.File("b.gguf"), other, new BrickSaveOptions { AnyParent = true });
        Brick.Open(_folder.File("b.gguf")).Manifest.Parent.ShouldBe(model.Fingerprint, "it was made for that one still");
    }

    [Fact]
    public void An_adapter_of_another_family_and_a_vector_of_more_layers_are_refused()
    {
        using var model = PicoModel.Llama();
        using var windowed = PicoModel.Windowed();
        using var deep = LanguageModel.From(PicoModel.LlamaCheckpoint(layers: 5));
        PicoBricks.Make("lora", windowed).Describe(manifest => manifest with { Parent = null }).SaveGguf(_folder.File("gemma.gguf"), windowed);
        PicoBricks.Make("vector", windowed).SaveGguf(_folder.File("hint.gguf"), windowed);
        PicoBricks.Make("vector", deep).SaveGguf(_folder.File("deep.gguf"), deep);

        foreach (var name in (string[])["gemma.gguf", "hint.gguf"])
            Should.Throw<CheckpointException>(() => model.Plug(Brick.Open(_folder.File(name)))).Message.ShouldContain("'gemma2'");
        Should.Throw<CheckpointException>(() => model.Plug(Brick.Open(_folder.File("deep.gguf")))).Message.ShouldContain("5 layers");
        deep.Plug(Brick.Open(_folder.File("deep.gguf"))).Dispose();
    }

    [Fact]
    public void What_gguf_has_no_form_for_is_refused()
    {
        using var model = PicoModel.Llama();

        foreach (var name in (string[])["dora", "ia3", "bottleneck", "bitfit", "whole"])
            Should.Throw<UnsupportedModelException>(() => PicoBricks.Make(name, model).SaveGguf(_folder.File("a.gguf"), model)).NextStep.ShouldContain(".brick");
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void An_adapter_that_works_only_behind_certain_tokens_is_refused()
    {
        var metadata = new Metadata("a");
        metadata.Set("general.type", "adapter");
        metadata.Set("general.architecture", "llama");
        metadata.Set("adapter.type", "lora");
        metadata.Set("adapter.lora.alpha", 4f);
        metadata.Set("adapter.alora.invocation_tokens", new[] { 1, 2 });
        using (var writer = GgufWriter.Create(_folder.File("a.gguf"), metadata, []))
            writer.Complete();

        Should.Throw<UnsupportedModelException>(() => Brick.Open(_folder.File("a.gguf"))).Message.ShouldContain("invocation_tokens");
    }
}
