using System.Text.Json;
using System.Text.RegularExpressions;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Files;

/// <summary>What a folder of ours holds, held against PEFT's own rules: names, shapes and settings, read as they lie in the files.</summary>
public sealed class PeftWritingTests : IDisposable
{
    const string Layer = "base_model.model.model.layers.";

    readonly TemporaryFolder _folder = new();
    readonly LanguageModel _model = PicoModel.Llama();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Lora_has_two_factors_a_module_one_rank_and_one_alpha()
    {
        var (config, tensors) = Written(PicoBricks.Make("lora", _model));

        tensors.Keys.Order(StringComparer.Ordinal).ShouldBe(
        [
            .. from layer in (int[])[0, 1] from module in (string[])["o_proj", "q_proj", "v_proj"]
               from factor in (string[])["A", "B"] select $"{Layer}{layer}.self_attn.{module}.lora_{factor}.weight",
        ]);
        tensors[Layer + "0.self_attn.q_proj.lora_A.weight"].ShouldBe("F32[4, 32]");
        tensors[Layer + "0.self_attn.q_proj.lora_B.weight"].ShouldBe("F32[32, 4]");
        tensors[Layer + "1.self_attn.v_proj.lora_B.weight"].ShouldBe("F32[16, 4]");
        Text(config, "peft_type").ShouldBe("LORA");
        Text(config, "task_type").ShouldBe("CAUSAL_LM");
        Text(config, "bias").ShouldBe("none");
        config.GetProperty("r").GetInt32().ShouldBe(4);
        config.GetProperty("lora_alpha").GetDouble().ShouldBe(8);
        config.GetProperty("use_dora").GetBoolean().ShouldBeFalse();
        config.GetProperty("use_rslora").GetBoolean().ShouldBeFalse("the factor is in alpha");
        config.GetProperty("rank_pattern").EnumerateObject().ShouldBeEmpty();
        config.GetProperty("alpha_pattern").EnumerateObject().ShouldBeEmpty();
        Modules(config, "target_modules").ShouldBe(tensors.Keys.Select(name => name["base_model.model.".Length..^".lora_A.weight".Length]).Distinct(), ignoreOrder: true);
        config.TryGetProperty("modules_to_save", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_stabilized_factor_is_written_as_the_alpha_that_has_it()
    {
        var (config, _) = Written(PicoBricks.Make("rslora", _model));

        config.GetProperty("r").GetInt32().ShouldBe(4);
        // α/√r of rank 4 and α 8.
        (config.GetProperty("lora_alpha").GetDouble() / 4).ShouldBe(8 / Math.Sqrt(4), 1e-6);
    }

    [Fact]
    public void Ranks_and_alphas_of_their_own_stand_in_patterns_that_mean_their_module_alone()
    {
        var random = new Random(1);
        var brick = PicoBricks.Of("mixed", BrickKind.Lora, [.. Pair("blk.0.attn_q.weight", 32, 2, 3), .. Pair("blk.1.attn_q.weight", 32, 2, 3), .. Pair("blk.0.attn_v.weight", 16, 4, 0.5f)]);

        var (config, _) = Written(brick);

        config.GetProperty("r").GetInt32().ShouldBe(2);
        config.GetProperty("lora_alpha").GetDouble().ShouldBe(6);
        var rank = config.GetProperty("rank_pattern").EnumerateObject().Single();
        rank.Name.ShouldBe(@"^model\.layers\.0\.self_attn\.v_proj");
        rank.Value.GetInt32().ShouldBe(4);
        var alpha = config.GetProperty("alpha_pattern").EnumerateObject().Single();
        // PEFT: re.match(rf"(.*\.)?({key})$", module), of all modules that are changed.
        Modules(config, "target_modules").Where(module => Regex.IsMatch(module, $@"^(?:.*\.)?(?:{alpha.Name})$")).ShouldBe(["model.layers.0.self_attn.v_proj"]);
        alpha.Value.GetDouble().ShouldBe(2);

        (string, Tensor)[] Pair(string target, int outputs, int rank, float factor) =>
        [
            (target + BrickTensors.LoraDown, PicoBricks.Draw(random, 1, rank, 32)), (target + BrickTensors.LoraUp, PicoBricks.Draw(random, 1, outputs, rank)), (target + BrickTensors.LoraFactor, Tensor.From([factor], 1)),
        ];
    }

    [Fact]
    public void Dora_has_a_magnitude_for_each_output_without_the_name_of_a_weight()
    {
        var (config, tensors) = Written(PicoBricks.Make("dora", _model));

        tensors[Layer + "0.self_attn.k_proj.lora_magnitude_vector"].ShouldBe("F32[16]");
        tensors.Count.ShouldBe(2 * 2 * 3);
        config.GetProperty("use_dora").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Ia3_scales_outputs_in_a_column_and_inputs_of_feed_forward_modules_in_a_row()
    {
        var (config, tensors) = Written(PicoBricks.Make("ia3", _model));

        Text(config, "peft_type").ShouldBe("IA3");
        tensors[Layer + "0.self_attn.k_proj.ia3_l"].ShouldBe("F32[16, 1]");
        tensors[Layer + "1.mlp.down_proj.ia3_l"].ShouldBe("F32[1, 64]");
        Modules(config, "feedforward_modules").ShouldBe(["model.layers.0.mlp.down_proj", "model.layers.1.mlp.down_proj"]);
        Modules(config, "target_modules").ShouldContain("model.layers.0.mlp.down_proj", "PEFT asks for feed-forward modules among the targets, too");
        Modules(config, "target_modules").Count.ShouldBe(6);
    }

    [Fact]
    public void Factors_of_the_embedding_stand_upright_and_have_no_weight_in_their_names()
    {
        var (config, tensors) = Written(PicoBricks.Make("embedding", _model));

        tensors.ShouldBe(new Dictionary<string, string>
        {
            ["base_model.model.model.embed_tokens.lora_embedding_A"] = $"F32[3, {PicoModel.Vocabulary}]",
            ["base_model.model.model.embed_tokens.lora_embedding_B"] = $"F32[{PicoModel.Width}, 3]",
        }, ignoreOrder: true);
        Modules(config, "target_modules").ShouldBe(["model.embed_tokens"]);
    }

    [Fact]
    public void Whole_tensors_are_modules_to_save_and_no_targets()
    {
        var random = new Random(1);
        var head = PicoBricks.Draw(random, 1, PicoModel.Vocabulary, 32);
        var brick = PicoBricks.Of("head", BrickKind.Lora, ("output.weight" + BrickTensors.Whole, head),
            ("blk.0.attn_v.weight" + BrickTensors.LoraDown, PicoBricks.Draw(random, 1, 2, 32)), ("blk.0.attn_v.weight" + BrickTensors.LoraUp, PicoBricks.Draw(random, 1, 16, 2)));

        var (config, tensors) = Written(brick);

        tensors["base_model.model.lm_head.weight"].ShouldBe($"F32[{PicoModel.Vocabulary}, 32]");
        Modules(config, "modules_to_save").ShouldBe(["lm_head"]);
        Modules(config, "target_modules").ShouldBe(["model.layers.0.self_attn.v_proj"]);
        Brick.Open(_folder.File("peft"), _model).LargestDifference(brick).ShouldBe(0);
    }

    [Fact]
    public void Adapters_in_folders_of_their_own_are_named()
    {
        foreach (var name in (string[])["one", "two"])
            PicoBricks.Make("lora", _model).SavePeft(_folder.File("many", name), _model);

        var fault = Should.Throw<CheckpointException>(() => Brick.Open(_folder.File("many"), _model));

        fault.NextStep.ShouldContain(_folder.File("many", "one"));
        fault.NextStep.ShouldContain(_folder.File("many", "two"));
    }

    (JsonElement Config, Dictionary<string, string> Tensors) Written(Brick brick)
    {
        brick.SavePeft(_folder.File("peft"), _model);
        using var config = JsonDocument.Parse(File.ReadAllText(_folder.File("peft", "adapter_config.json")));
        using var tensors = SafetensorsCheckpoint.OpenFile(_folder.File("peft", "adapter_model.safetensors"));
        return (config.RootElement.Clone(), tensors.Tensors.ToDictionary(tensor => tensor.Name, tensor => $"{tensor.Type}{tensor.Shape}"));
    }

    static List<string> Modules(JsonElement config, string key) => [.. config.GetProperty(key).EnumerateArray().Select(name => name.GetString()!)];

    static string? Text(JsonElement config, string key) => config.GetProperty(key).GetString();
}
