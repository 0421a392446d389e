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
