using System.Text.Json;
using System.Text.Json.Nodes;
using Brickwork.TestKit;

namespace Brickwork.Models.Tests.HuggingFace;

/// <summary>Folders as they are exported, and what is said about broken ones.</summary>
public sealed class FolderTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Model => _folder.File("model");

    public void Dispose() => _folder.Dispose();

    void Export(string id = "qwen2-q4_1", ConvertOptions? options = null) =>
        ModelConverter.Convert(PicoFamilies.Require(id), Model, options ?? new ConvertOptions { Type = "F32" });

    void ChangeConfig(Action<JsonObject> change)
    {
        var path = Path.Combine(Model, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(config);
        File.WriteAllText(path, config.ToJsonString());
    }

    [SkippableFact]
    public void A_folder_holds_what_its_library_expects()
    {
        Export();

        Directory.GetFiles(Model).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]);
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(Model, "config.json")));
        var root = config.RootElement;
        root.GetProperty("architectures")[0].GetString().ShouldBe("Qwen2ForCausalLM");
        root.GetProperty("model_type").GetString().ShouldBe("qwen2");
        root.GetProperty("rms_norm_eps").GetRawText().ShouldBe("1E-06");
        root.GetProperty("rope_theta").GetDouble().ShouldBe(1e6);
        root.GetProperty("tie_word_embeddings").GetBoolean().ShouldBeTrue();
        root.GetProperty("torch_dtype").GetString().ShouldBe("float32");
        root.GetProperty("vocab_size").GetInt32().ShouldBe(512);
    }

    [SkippableFact]
    public void Tensors_have_the_library_s_names_and_shapes()
    {
        Export("llama-q4_0");

        using var files = HuggingFaceFolder.Open(Model).OpenTensors();

        files.Tensors.Select(tensor => tensor.Name).ShouldBe(
        [
            "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight",
            .. Enumerable.Range(0, 2).SelectMany(layer => new[]
            {
                "input_layernorm", "post_attention_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
                "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
            }.Select(part => $"model.layers.{layer}.{part}.weight")),
        ], ignoreOrder: true);
    }

    [SkippableFact]
    public void Weights_in_several_files_with_an_index_give_the_same_logits()
    {
        Export(options: new ConvertOptions { Type = "F32", MaxFileBytes = 60_000 });
        File.Exists(Path.Combine(Model, "model.safetensors.index.json")).ShouldBeTrue();
        var whole = _folder.File("whole.gguf");
        ModelConverter.Convert(PicoFamilies.Require("qwen2-q4_1"), whole, new ConvertOptions { Type = "F32" });

        PicoFamilies.Outputs(Model).ShouldBe(PicoFamilies.Outputs(whole));
    }

    [SkippableFact]
    public void A_model_saved_without_its_head_lacks_the_first_part_of_every_name()
    {
        Export();
        var expected = PicoFamilies.Outputs(Model);
        Rename(name => name.Replace("model.", "", StringComparison.Ordinal));

        PicoFamilies.Outputs(Model).ShouldBe(expected);
    }

    [SkippableFact]
    public void The_language_half_of_a_model_that_sees_runs_by_itself()
    {
        Export();
        var expected = PicoFamilies.Outputs(Model);
        Rename(name => "language_model." + name, ("vision_tower.patch.weight", Tensor.Zeros(2, 2)));
        ChangeConfig(config =>
        {
            var text = config.DeepClone();
            config.Clear();
            config["model_type"] = "llava";
            config["text_config"] = text;
        });

        PicoFamilies.Outputs(Model).ShouldBe(expected);
    }

    [SkippableFact]
    public void A_head_that_is_a_copy_of_the_embedding_is_left_out()
    {
        Export();
        Rename(name => name, ("lm_head.weight", Tensor.Zeros(512, 64)));

        using var checkpoint = HuggingFaceCheckpoint.OpenFolder(Model);

        checkpoint.Contains("output.weight").ShouldBeFalse();
    }

    [Fact]
    public void A_folder_without_config_is_no_model()
    {
        Directory.CreateDirectory(Model);

        Should.Throw<CheckpointException>(() => LanguageModel.Load(Model)).Message.ShouldContain("config.json");
    }

    [SkippableFact]
    public void A_tensor_that_is_missing_is_named_with_the_shape_its_neighbours_have()
    {
        Export();
        Rename(name => name == "model.layers.1.self_attn.q_proj.weight" ? null : name);

        var fault = Should.Throw<CheckpointException>(() => LanguageModel.Load(Model));

        fault.Message.ShouldContain("'model.layers.1.self_attn.q_proj.weight' of shape [128, 128]");
        fault.Message.ShouldContain("blk.1.attn_q.weight");
    }

    [SkippableFact]
    public void A_shard_that_is_missing_is_named()
    {
        Export(options: new ConvertOptions { MaxFileBytes = 60_000 });
        var shard = Directory.GetFiles(Model, "*-00002-of-*.safetensors").Single();
        File.Delete(shard);

        Should.Throw<CheckpointException>(() => LanguageModel.Load(Model)).Message.ShouldContain(Path.GetFileName(shard));
    }

    [SkippableFact]
    public void A_head_that_config_promises_has_to_be_there()
    {
        Export();
        ChangeConfig(config => config["tie_word_embeddings"] = false);

        Should.Throw<CheckpointException>(() => LanguageModel.Load(Model)).Message.ShouldContain("lm_head.weight");
    }

    [SkippableFact]
    public void A_tensor_nobody_knows_is_refused()
    {
        Export();
        Rename(name => name, ("model.layers.0.self_attn.extra.weight", Tensor.Zeros(2, 2)));

        Should.Throw<UnsupportedModelException>(() => LanguageModel.Load(Model)).Message.ShouldContain("model.layers.0.self_attn.extra.weight");
    }

    [SkippableTheory]
    [InlineData("llama-q4_0", "num_attention_heads", 5)]
    [InlineData("llama-q4_0", "num_key_value_heads", 3)]
    [InlineData("qwen2-q4_1", "hidden_size", 64)]
    [InlineData("qwen2moe-f16", "num_experts", 9)]
    [InlineData("qwen2moe-f16", "num_experts", 5)]
    [InlineData("gptneox-f16", "num_attention_heads", 7)]
    [InlineData("deepseek2-mla-f16", "v_head_dim", 8)]
    public void Sizes_that_contradict_the_tensors_are_an_error_of_the_files(string id, string name, int value)
    {
        Export(id);
        ChangeConfig(config => config[name] = value);

        Should.Throw<BrickworkException>(() => LanguageModel.Load(Model)).NextStep.ShouldNotBeEmpty();
    }

    [SkippableTheory]
    [InlineData("llama-mha-linear-bias-f16")]
    [InlineData("qwen2moe-f16")]
    [InlineData("gemma3-q4_0")]
    [InlineData("falcon-f16")]
    [InlineData("deepseek2-mla-f16")]
    [InlineData("phi3-long-f16")]
    [InlineData("bert-f32")]
    public void Whatever_a_setting_says_the_worst_is_an_error_of_ours(string id)
    {
        Export(id);
        string[] values = ["null", "-1", "0", "3", "2147483647", "1e300", "\"x\"", "[]", "[1]", "{}", "true"];
        var before = File.ReadAllText(Path.Combine(Model, "config.json"));
        foreach (var name in JsonNode.Parse(before)!.AsObject().Select(entry => entry.Key).ToArray())
            foreach (var value in values)
            {
                ChangeConfig(config => config[name] = JsonNode.Parse(value));
                try
                {
                    using var model = LanguageModel.Load(Model, new LoadOptions { Threads = 1 });
                }
                catch (Exception fault) when (fault is not BrickworkException)
                {
                    throw new InvalidOperationException($"{name} = {value}", fault);
                }
                catch (BrickworkException)
                {
                }
                File.WriteAllText(Path.Combine(Model, "config.json"), before);
            }
    }

    /// <summary>Writes the tensors again under other names; null leaves one out.</summary>
    void Rename(Func<string, string?> rename, params (string Name, Tensor Tensor)[] more)
    {
        var path = Path.Combine(Model, "model.safetensors");
        using (var files = SafetensorsCheckpoint.OpenFile(path))
        {
            var tensors = files.Tensors.Select(tensor => (Name: rename(tensor.Name), Tensor: files.Open(tensor.Name))).Where(entry => entry.Name is not null)
                .Select(entry => (Name: entry.Name!, entry.Tensor)).Concat(more).ToList();
            using var writer = SafetensorsWriter.Create(path + ".new", new Dictionary<string, string>(), [.. tensors.Select(entry => new TensorInfo(entry.Name, entry.Tensor.Type, entry.Tensor.Shape))]);
            foreach (var (name, tensor) in tensors)
                writer.Write(name, tensor);
            writer.Complete();
        }
        File.Move(path + ".new", path, overwrite: true);
    }
}
