using System.Text;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Files;

public sealed class PeftTests : IDisposable
{
    const string Query = "base_model.model.model.layers.0.self_attn.q_proj", Value = "base_model.model.model.layers.1.self_attn.v_proj";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lora")]
    [InlineData("rslora")]
    [InlineData("dora")]
    [InlineData("ia3")]
    [InlineData("embedding")]
    public void A_folder_that_was_written_is_read_back_to_the_same_model(string name)
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make(name, model);
        brick.SavePeft(_folder.File("peft"), model);

        var read = Brick.Open(_folder.File("peft"), model);

        read.Kind.ShouldBe(brick.Kind);
        read.Id.ShouldBe(brick.Id);
        read.Manifest.Parent.ShouldBe(brick.Manifest.Parent);
        read.LargestDifference(brick).ShouldBeLessThan(1e-6);
    }

    [Theory]
    [InlineData("\"r\": 4, \"lora_alpha\": 8", 2)]
    [InlineData("\"r\": 4, \"lora_alpha\": 8, \"use_rslora\": true", 4)]
    [InlineData("\"r\": 4, \"lora_alpha\": 8, \"alpha_pattern\": {\"q_proj\": 12}", 3)]
    [InlineData("\"r\": 4, \"lora_alpha\": 8, \"alpha_pattern\": {\"layers.0.self_attn.q_proj\": 12}", 3)]
    [InlineData("\"r\": 4, \"lora_alpha\": 8, \"alpha_pattern\": {\"_proj\": 12}", 2)]
    [InlineData("\"r\": 16, \"lora_alpha\": 8, \"rank_pattern\": {\".*\\\\.q_proj\": 4, \"v_proj\": 4}", 2)]
    public void Factors_follow_rank_alpha_and_their_patterns(string settings, double factor)
    {
        using var model = PicoModel.Llama();
        Write(settings, (Query + ".lora_A.weight", Ones(4, 32)), (Query + ".lora_B.weight", Ones(32, 4)));

        var brick = Brick.Open(_folder.File("peft"), model);

        brick.Tensors["blk.0.attn_q.weight.lora_factor"].Floats[0].ShouldBe((float)factor, 1e-6);
    }

    [Fact]
    public void Rows_of_queries_are_put_into_the_order_in_which_the_model_turns_them()
    {
        using var model = PicoModel.Llama();
        var up = Tensor.Zeros(32, 1);
        for (var row = 0; row < 32; row++)
            up.Row(row)[0] = row;
        Write("\"r\": 1, \"lora_alpha\": 1", (Query + ".lora_A.weight", Ones(1, 32)), (Query + ".lora_B.weight", up));

        var read = Brick.Open(_folder.File("peft"), model).Tensors["blk.0.attn_q.weight.lora_b"];

        // Heads of 8 values: neighbours here are half a head apart there.
        Enumerable.Range(0, 8).Select(row => read.Row(row)[0]).ShouldBe([0, 4, 1, 5, 2, 6, 3, 7]);
    }

    [Fact]
    public void Modules_that_were_saved_whole_are_plugged_whole()
    {
        using var model = PicoModel.Llama();
        Write("\"r\": 1, \"lora_alpha\": 1, \"modules_to_save\": [\"lm_head\"]",
            ("base_model.model.lm_head.weight", Ones(PicoModel.Vocabulary, 32)), (Value + ".lora_A.weight", Ones(1, 32)), (Value + ".lora_B.weight", Ones(16, 1)));
        var brick = Brick.Open(_folder.File("peft"), model);
        using var plugged = model.Plug(brick);
        using var runner = plugged.CreateRunner();
        using var sequence = runner.StartSequence();

        var logits = runner.Forward(sequence, [1, 2, 3]).Row(0).ToArray();

        brick.Tensors.Keys.ShouldContain("output.weight.whole");
        logits.Distinct().Count().ShouldBe(1, "every row of the head is the same");
    }

    [Theory]
    [InlineData("\"r\": 8, \"lora_alpha\": 8", "rank 4", "A B of another rank")]
    [InlineData("\"r\": 4, \"lora_alpha\": 8, \"bias\": \"all\"", "'bias'", "biases")]
    [InlineData("\"r\": 4, \"lora_alpha\": 8, \"layer_replication\": [[0, 4]]", "'layer_replication'", "layers that are copied")]
    [InlineData("\"r\": 4, \"lora_alpha\": 8, \"use_dora\": true", "lora_magnitude_vector", "DoRA without magnitudes")]
    [InlineData("\"r\": 4, \"lora_alpha\": 8, \"alpha_pattern\": {\"(\": 1}", "adapter_config.json", "no regular expression")]
    [InlineData("\"r\": \"four\"", "adapter_config.json", "no number")]
    public void Settings_that_would_be_lost_or_do_not_fit_are_refused(string settings, string message, string what)
    {
        using var model = PicoModel.Llama();
        Write(settings, (Query + ".lora_A.weight", Ones(4, 32)), (Query + ".lora_B.weight", Ones(32, 4)));

        var fault = Should.Throw<BrickworkException>(() => Brick.Open(_folder.File("peft"), model), what);
        fault.Message.ShouldContain(message);
        fault.NextStep.ShouldNotBeEmpty();
    }

    [Fact]
    public void Tensors_without_meaning_halves_and_strange_modules_are_refused()
    {
        using var model = PicoModel.Llama();
        const string Settings = "\"r\": 4, \"lora_alpha\": 8";
        Write(Settings, (Query + ".vera_lambda_b", Ones(4)));
        Should.Throw<UnsupportedModelException>(() => Brick.Open(_folder.File("peft"), model)).Message.ShouldContain("vera_lambda_b");
        Write(Settings, (Query + ".lora_A.weight", Ones(4, 32)));
        Should.Throw<CheckpointException>(() => Brick.Open(_folder.File("peft"), model)).Message.ShouldContain("one factor");
        Write(Settings, ("base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight", Ones(4, 32)));
        Should.Throw<CheckpointException>(() => Brick.Open(_folder.File("peft"), model)).Message.ShouldContain("layers.7");
        Should.Throw<UnsupportedModelException>(() => Brick.Open(_folder.File("peft"))).NextStep.ShouldContain("-m");
    }

    void Write(string settings, params (string Name, Tensor Values)[] tensors)
    {
        if (Directory.Exists(_folder.File("peft")))
            Directory.Delete(_folder.File("peft"), recursive: true);
        _folder.Write("peft/adapter_config.json", Encoding.UTF8.GetBytes($"{{\"peft_type\": \"LORA\", \"target_modules\": [\"q_proj\"], {settings}}}"));
        using var writer = SafetensorsWriter.Create(_folder.File("peft", "adapter_model.safetensors"), new Dictionary<string, string> { ["format"] = "pt" },
            [.. tensors.Select(tensor => new TensorInfo(tensor.Name, tensor.Values.Type, tensor.Values.Shape))]);
        foreach (var (name, values) in tensors)
            writer.Write(name, values);
        writer.Complete();
    }

    static Tensor Ones(params long[] shape)
    {
        var tensor = Tensor.Zeros(shape);
        tensor.Floats.Fill(1);
        return tensor;
    }
}
