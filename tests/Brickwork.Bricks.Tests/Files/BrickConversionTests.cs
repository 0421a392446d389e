using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Files;

/// <summary>What a conversion says it costs.</summary>
public sealed class BrickConversionTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly LanguageModel _model = PicoModel.Llama();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("peft")]
    [InlineData("a.gguf")]
    public void The_error_is_measured_against_the_factors_and_alpha_of_the_source(string source)
    {
        Save(source, alpha: 0.1f);

        var brick = Brick.Open(_folder.File(source), _model);

        // B and A are 1: each value is r·(α/r) = α, and the only rounding is that of α/r to F32.
        brick.LargestErrorOf(_folder.File(source), _model).ShouldBe(3 * Math.Abs((float)((double)0.1f / 3) - (double)0.1f / 3), 1e-16);
        brick.LargestErrorOf(_folder.File(source), _model).ShouldBeGreaterThan(0);
        brick.LargestDifference(Brick.Open(_folder.File(source), _model)).ShouldBe(0);
    }

    [Theory]
    [InlineData("peft")]
    [InlineData("a.gguf")]
    public void A_lost_scale_and_rows_in_another_order_are_found_out(string source)
    {
        Save(source, alpha: 3);
        var brick = Brick.Open(_folder.File(source), _model);
        brick.LargestErrorOf(_folder.File(source), _model).ShouldBe(0);

        var wrong = PicoBricks.Of("wrong", BrickKind.Lora, [.. brick.Tensors.Where(entry => !entry.Key.EndsWith(BrickTensors.LoraFactor, StringComparison.Ordinal)).Select(entry => (entry.Key, entry.Value)),
            ("blk.0.attn_v.weight" + BrickTensors.LoraFactor, Tensor.From([0.5f], 1))]);

        wrong.LargestErrorOf(_folder.File(source), _model).ShouldBe(1.5, 1e-6);
    }

    [Fact]
    public void What_four_bits_make_of_the_weights_below_is_told()
    {
        var brick = PicoBricks.Make("qlora", _model);
        using var plugged = _model.Plug(brick);

        var shift = brick.BaseShift(_model);

        shift.ShouldBeGreaterThan(1e-4);
        shift.ShouldBeLessThan(_model.Checkpoint.Open("blk.0.attn_q.weight").Floats.ToArray().Max(Math.Abs));
        PicoBricks.Make("lora", _model).BaseShift(_model).ShouldBe(0);
    }

    [Fact]
    public void New_terms_are_an_operation_of_their_own_and_leave_the_tensors()
    {
        PicoBricks.Make("lora", _model).Save(_folder.File("a.brick"));
        var brick = Brick.Open(_folder.File("a.brick"));
        brick.UnderLicence("MIT").Save(_folder.File("b.brick"));

        var read = Brick.Open(_folder.File("b.brick"));

        read.Manifest.Licence.ShouldBe("MIT");
        read.Manifest.Content.ShouldBe(brick.Manifest.Content);
        read.Manifest.Parent.ShouldBe(_model.Fingerprint);
        read.Manifest.Log.Select(operation => operation.Name).ShouldBe(["new", "convert-brick"]);
        read.Manifest.Log[^1].Arguments["licence"].ShouldBe("MIT");
        OperationReplay.Run(_folder.File("b.brick"), _folder.File("again.brick")).IsSame.ShouldBe(true);
    }

    [Fact]
    public void Terms_are_given_where_a_brick_is_made_and_kept_where_all_inputs_agree()
    {
        var one = new NewLora { Id = "one", Targets = new("layers.0.attention.query"), Licence = "MIT" }.Make(_model);
        var two = new NewLora { Id = "two", Targets = new("layers.0.attention.query"), Licence = "MIT", Seed = 2 }.Make(_model);
        var three = new NewLora { Id = "three", Targets = new("layers.0.attention.query"), Seed = 3 }.Make(_model);

        one.Manifest.Licence.ShouldBe("MIT");
        one.Manifest.Log[^1].Arguments["licence"].ShouldBe("MIT");
        three.Manifest.Log[^1].Arguments.Keys.ShouldNotContain("licence");
        LoraSum.Of("sum", [one, two], [1, 1]).Manifest.Licence.ShouldBe("MIT");
        LoraSum.Of("sum", [one, three], [1, 1]).Manifest.Licence.ShouldBeNull();
    }

    /// <summary>Factors of ones, of rank 3.</summary>
    void Save(string source, float alpha)
    {
        var (down, up) = (Tensor.Zeros(3, 32), Tensor.Zeros(16, 3));
        down.Floats.Fill(1);
        up.Floats.Fill(1);
        if (source == "peft")
        {
            const string Module = "base_model.model.model.layers.0.self_attn.v_proj.lora_";
            _folder.Write("peft/adapter_config.json", FormattableString.Invariant($"{{\"peft_type\": \"LORA\", \"r\": 3, \"lora_alpha\": {alpha}}}"));
            using var writer = SafetensorsWriter.Create(_folder.File("peft", "adapter_model.safetensors"), new Dictionary<string, string>(), [new(Module + "A.weight", down.Type, down.Shape), new(Module + "B.weight", up.Type, up.Shape)]);
            writer.Write(Module + "A.weight", down);
            writer.Write(Module + "B.weight", up);
            writer.Complete();
            return;
        }
        var metadata = new Metadata(source);
        metadata.Set("general.type", "adapter");
        metadata.Set("general.architecture", "llama");
        metadata.Set("adapter.type", "lora");
        metadata.Set("adapter.lora.alpha", alpha);
        using var adapter = GgufWriter.Create(_folder.File(source), metadata, [new("blk.0.attn_v.weight.lora_a", down.Type, down.Shape), new("blk.0.attn_v.weight.lora_b", up.Type, up.Shape)]);
        adapter.Write("blk.0.attn_v.weight.lora_a", down);
        adapter.Write("blk.0.attn_v.weight.lora_b", up);
        adapter.Complete();
    }
}
