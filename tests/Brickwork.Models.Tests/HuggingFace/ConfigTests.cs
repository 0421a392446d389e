using Brickwork.TestKit;

namespace Brickwork.Models.Tests.HuggingFace;

/// <summary>Settings of published models, as their config.json has them, and what GGUF files of the same models say.</summary>
public class ConfigTests
{
    static Metadata Read(string json)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", json);
        return HuggingFaceCheckpoint.ReadConfig(HuggingFaceFolder.Open(folder.Path)).Model.Metadata;
    }

    [Fact]
    public void Llama_3_2_has_wide_heads_and_divisors_for_its_frequencies()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", """
            {"architectures":["LlamaForCausalLM"],"attention_bias":false,"bos_token_id":128000,"eos_token_id":[128001,128008,128009],"head_dim":64,"hidden_act":"silu",
            "hidden_size":2048,"intermediate_size":8192,"max_position_embeddings":131072,"mlp_bias":false,"model_type":"llama","num_attention_heads":32,
            "num_hidden_layers":16,"num_key_value_heads":8,"pretraining_tp":1,"rms_norm_eps":1e-05,"rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,
            "original_max_position_embeddings":8192,"rope_type":"llama3"},"rope_theta":500000.0,"tie_word_embeddings":true,"torch_dtype":"bfloat16","vocab_size":128256}
            """);

        var model = HuggingFaceCheckpoint.ReadConfig(HuggingFaceFolder.Open(folder.Path)).Model;

        model.Architecture.ShouldBe("llama");
        model.Metadata.Int("llama.block_count").ShouldBe(16);
        model.Metadata.Int("llama.context_length").ShouldBe(131072);
        model.Metadata.Int("llama.rope.dimension_count").ShouldBe(64);
        model.Metadata.Float("llama.rope.freq_base").ShouldBe(500000);
        model.IsTied.ShouldBe(true);
        var factors = model.Made["rope_freqs.weight"].Floats.ToArray();
        factors.Length.ShouldBe(32);
        (factors[0], factors[31]).ShouldBe((1, 32));
    }

    [Fact]
    public void Qwen3_has_heads_that_are_wider_than_their_share()
    {
        var metadata = Read("""
            {"architectures":["Qwen3ForCausalLM"],"attention_bias":false,"head_dim":128,"hidden_act":"silu","hidden_size":1024,"intermediate_size":3072,
            "max_position_embeddings":40960,"max_window_layers":28,"model_type":"qwen3","num_attention_heads":16,"num_hidden_layers":28,"num_key_value_heads":8,
            "rms_norm_eps":1e-06,"rope_scaling":null,"rope_theta":1000000,"sliding_window":null,"tie_word_embeddings":true,"use_sliding_window":false,"vocab_size":151936}
            """);

        metadata.Int("qwen3.attention.key_length").ShouldBe(128);
        metadata.Int("qwen3.attention.value_length").ShouldBe(128);
        metadata.Int("qwen3.attention.head_count_kv").ShouldBe(8);
        metadata.Float("qwen3.attention.layer_norm_rms_epsilon").ShouldBe(1e-6f);
        metadata.Contains("qwen3.rope.scaling.type").ShouldBeFalse();
    }

    [Fact]
    public void Qwen2_5_for_long_texts_asks_for_yarn()
    {
        var metadata = Read("""
            {"model_type":"qwen2","hidden_act":"silu","hidden_size":3584,"intermediate_size":18944,"max_position_embeddings":131072,"num_attention_heads":28,"num_hidden_layers":28,
            "num_key_value_heads":4,"rms_norm_eps":1e-06,"rope_theta":1000000.0,"rope_scaling":{"factor":4.0,"original_max_position_embeddings":32768,"type":"yarn"},
            "use_sliding_window":false,"sliding_window":131072,"vocab_size":152064}
            """);

        metadata.Text("qwen2.rope.scaling.type").ShouldBe("yarn");
        metadata.Float("qwen2.rope.scaling.factor").ShouldBe(4);
        metadata.Int("qwen2.rope.scaling.original_context_length").ShouldBe(32768);
        metadata.Contains("qwen2.rope.scaling.attn_factor").ShouldBeFalse();
        metadata.Contains("qwen2.attention.key_length").ShouldBeFalse();
    }

    [Theory]
    [InlineData("null", false)]
    [InlineData("4096", true)]
    public void Mistral_is_a_llama_that_may_have_a_window(string window, bool hasWindow)
    {
        var metadata = Read($$"""
            {"architectures":["MistralForCausalLM"],"model_type":"mistral","hidden_act":"silu","hidden_size":4096,"intermediate_size":14336,"max_position_embeddings":32768,
            "num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":8,"rms_norm_eps":1e-05,"rope_theta":1000000.0,"sliding_window":{{window}},"vocab_size":32768}
            """);

        metadata.Text("general.architecture").ShouldBe("llama");
        metadata.Int("llama.rope.dimension_count").ShouldBe(128);
        metadata.Contains("llama.attention.sliding_window").ShouldBe(hasWindow);
    }

    [Fact]
    public void Gemma_2_has_caps_and_a_window()
    {
        var metadata = Read("""
            {"architectures":["Gemma2ForCausalLM"],"attn_logit_softcapping":50.0,"final_logit_softcapping":30.0,"head_dim":256,"hidden_act":"gelu_pytorch_tanh",
            "hidden_activation":"gelu_pytorch_tanh","hidden_size":2304,"intermediate_size":9216,"max_position_embeddings":8192,"model_type":"gemma2","num_attention_heads":8,
            "num_hidden_layers":26,"num_key_value_heads":4,"query_pre_attn_scalar":256,"rms_norm_eps":1e-06,"rope_theta":10000.0,"sliding_window":4096,"vocab_size":256000}
            """);

        metadata.Float("gemma2.attn_logit_softcapping").ShouldBe(50);
        metadata.Float("gemma2.final_logit_softcapping").ShouldBe(30);
        metadata.Int("gemma2.attention.sliding_window").ShouldBe(4096);
        metadata.Contains("gemma2.attention.scale").ShouldBeFalse();
    }

    [Fact]
    public void Gemma_3_describes_its_text_half_by_what_differs_from_the_usual()
    {
        var metadata = Read("""
            {"architectures":["Gemma3ForConditionalGeneration"],"model_type":"gemma3","mm_tokens_per_image":256,"vision_config":{"hidden_size":1152,"model_type":"siglip_vision_model"},
            "text_config":{"hidden_size":2560,"intermediate_size":10240,"model_type":"gemma3_text","num_hidden_layers":34,"rope_scaling":{"factor":8.0,"rope_type":"linear"},"sliding_window":1024}}
            """);

        metadata.Text("general.architecture").ShouldBe("gemma3");
        metadata.Int("gemma3.embedding_length").ShouldBe(2560);
        metadata.Int("gemma3.attention.head_count").ShouldBe(8);
        metadata.Int("gemma3.attention.key_length").ShouldBe(256);
        metadata.Float("gemma3.rope.freq_base").ShouldBe(1e6f);
        metadata.Float("gemma3.rope.freq_base_swa").ShouldBe(10000);
        metadata.Float("gemma3.rope.scaling.factor").ShouldBe(8);
        metadata.Int("gemma3.attention.sliding_window").ShouldBe(1024);
        metadata.Contains("gemma3.attention.sliding_window_pattern").ShouldBeFalse();
    }

    [Fact]
    public void Gemma_3_of_newer_libraries_keeps_one_rotation_for_each_kind_of_layer()
    {
        var metadata = Read("""
            {"model_type":"gemma3_text","hidden_size":640,"intermediate_size":2048,"num_hidden_layers":6,"num_attention_heads":4,"num_key_value_heads":1,"head_dim":256,"vocab_size":262144,
            "query_pre_attn_scalar":128,"layer_types":["sliding_attention","sliding_attention","full_attention","sliding_attention","sliding_attention","full_attention"],
            "rope_parameters":{"full_attention":{"rope_type":"linear","rope_theta":500000.0,"factor":4.0},"sliding_attention":{"rope_type":"default","rope_theta":20000.0}}}
            """);

        metadata.Float("gemma3.rope.freq_base").ShouldBe(500000);
        metadata.Float("gemma3.rope.freq_base_swa").ShouldBe(20000);
        metadata.Float("gemma3.rope.scaling.factor").ShouldBe(4);
        metadata.Int("gemma3.attention.sliding_window_pattern").ShouldBe(3);
        metadata.Float("gemma3.attention.scale").ShouldBe(1 / MathF.Sqrt(128), 1e-7f);
    }

    [Fact]
    public void Phi_3_5_has_a_list_of_divisors_for_short_texts_and_one_for_long()
    {
        var factors = string.Join(",", Enumerable.Repeat("1.5", 48));
        using var folder = new TemporaryFolder();
        folder.Write("config.json", $$"""
            {"architectures":["Phi3ForCausalLM"],"model_type":"phi3","hidden_act":"silu","hidden_size":3072,"intermediate_size":8192,"max_position_embeddings":131072,
            "num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":32,"original_max_position_embeddings":4096,"rms_norm_eps":1e-05,
            "rope_scaling":{"long_factor":[{{factors}}],"short_factor":[{{factors}}],"type":"longrope"},"rope_theta":10000.0,"sliding_window":262144,"tie_word_embeddings":false,"vocab_size":32064}
            """);

        var model = HuggingFaceCheckpoint.ReadConfig(HuggingFaceFolder.Open(folder.Path)).Model;

        model.Made.Keys.ShouldBe(["rope_factors_long.weight", "rope_factors_short.weight"]);
        model.Int("rope.scaling.original_context_length").ShouldBe(4096);
        model.TryFloat("rope.scaling.attn_factor")!.Value.ShouldBe(1.190238f, 1e-6f);
        model.Int("rope.dimension_count").ShouldBe(96);
    }

    [Fact]
    public void Gpt_oss_alternates_windows_and_stretches_with_yarn()
    {
        var types = string.Join(",", Enumerable.Range(0, 24).Select(layer => layer % 2 == 0 ? "\"sliding_attention\"" : "\"full_attention\""));
        var metadata = Read($$"""
            {"architectures":["GptOssForCausalLM"],"attention_bias":true,"experts_per_token":4,"head_dim":64,"hidden_act":"silu","hidden_size":2880,"initial_context_length":4096,
            "intermediate_size":2880,"layer_types":[{{types}}],"max_position_embeddings":131072,"model_type":"gpt_oss","num_attention_heads":64,"num_experts_per_tok":4,
            "num_hidden_layers":24,"num_key_value_heads":8,"num_local_experts":32,"rms_norm_eps":1e-05,"rope_scaling":{"beta_fast":32.0,"beta_slow":1.0,"factor":32.0,
            "original_max_position_embeddings":4096,"rope_type":"yarn","truncate":false},"rope_theta":150000,"sliding_window":128,"swiglu_limit":7.0,"tie_word_embeddings":false,"vocab_size":201088}
            """);

        metadata.Text("general.architecture").ShouldBe("gpt-oss");
        metadata.Int("gpt-oss.expert_count").ShouldBe(32);
        metadata.Int("gpt-oss.expert_used_count").ShouldBe(4);
        metadata.Int("gpt-oss.expert_feed_forward_length").ShouldBe(2880);
        metadata.Int("gpt-oss.attention.key_length").ShouldBe(64);
        metadata.Int("gpt-oss.rope.scaling.original_context_length").ShouldBe(4096);
        metadata.Int("gpt-oss.attention.sliding_window").ShouldBe(128);
    }

    [Fact]
    public void DeepSeek_2_shares_a_latent_among_its_heads()
    {
        var metadata = Read("""
            {"architectures":["DeepseekV2ForCausalLM"],"model_type":"deepseek_v2","attention_bias":false,"first_k_dense_replace":1,"hidden_act":"silu","hidden_size":2048,
            "intermediate_size":10944,"kv_lora_rank":512,"max_position_embeddings":163840,"moe_intermediate_size":1408,"moe_layer_freq":1,"n_group":1,"n_routed_experts":64,
            "n_shared_experts":2,"norm_topk_prob":false,"num_attention_heads":16,"num_experts_per_tok":6,"num_hidden_layers":27,"num_key_value_heads":16,"q_lora_rank":null,
            "qk_nope_head_dim":128,"qk_rope_head_dim":64,"rms_norm_eps":1e-06,"rope_scaling":{"beta_fast":32,"beta_slow":1,"factor":40,"mscale":0.707,"mscale_all_dim":0.707,
            "original_max_position_embeddings":4096,"type":"yarn"},"rope_theta":10000,"routed_scaling_factor":1.0,"scoring_func":"softmax","topk_group":1,"topk_method":"greedy",
            "v_head_dim":128,"vocab_size":102400,"tie_word_embeddings":false}
            """);

        metadata.Text("general.architecture").ShouldBe("deepseek2");
        metadata.Int("deepseek2.attention.key_length").ShouldBe(576);
        metadata.Int("deepseek2.attention.value_length").ShouldBe(512);
        metadata.Int("deepseek2.attention.key_length_mla").ShouldBe(192);
        metadata.Int("deepseek2.attention.value_length_mla").ShouldBe(128);
        metadata.Int("deepseek2.attention.head_count_kv").ShouldBe(1);
        metadata.Int("deepseek2.expert_shared_count").ShouldBe(2);
        metadata.Float("deepseek2.rope.scaling.yarn_log_multiplier").ShouldBe(0.0707f, 1e-8f);
        metadata.Contains("deepseek2.attention.q_lora_rank").ShouldBeFalse();
    }

    [Fact]
    public void Bert_looks_both_ways()
    {
        var metadata = Read("""
            {"architectures":["BertModel"],"attention_probs_dropout_prob":0.1,"hidden_act":"gelu","hidden_size":384,"intermediate_size":1536,"layer_norm_eps":1e-12,
            "max_position_embeddings":512,"model_type":"bert","num_attention_heads":12,"num_hidden_layers":6,"pad_token_id":0,"position_embedding_type":"absolute","type_vocab_size":2,"vocab_size":30522}
            """);

        metadata.Int("bert.attention.head_count").ShouldBe(12);
        metadata.Float("bert.attention.layer_norm_epsilon").ShouldBe(1e-12f);
        metadata.TryBool("bert.attention.causal").ShouldBe(false);
        metadata.Int("tokenizer.ggml.token_type_count").ShouldBe(2);
    }

    [Fact]
    public void The_head_of_pythia_turns_by_a_quarter_of_its_width()
    {
        var metadata = Read("""
            {"architectures":["GPTNeoXForCausalLM"],"hidden_act":"gelu","hidden_size":768,"intermediate_size":3072,"layer_norm_eps":1e-05,"max_position_embeddings":2048,"model_type":"gpt_neox",
            "num_attention_heads":12,"num_hidden_layers":12,"rotary_emb_base":10000,"rotary_pct":0.25,"tie_word_embeddings":false,"use_parallel_residual":true,"vocab_size":50304}
            """);

        metadata.Int("gptneox.rope.dimension_count").ShouldBe(16);
        metadata.TryBool("gptneox.use_parallel_residual").ShouldBe(true);
        metadata.Int("gptneox.attention.head_count_kv").ShouldBe(12);
    }

    [Theory]
    [InlineData("""{"model_type":"qwen2","hidden_size":64,"num_hidden_layers":1,"intermediate_size":64,"num_attention_heads":4,"vocab_size":8,"use_sliding_window":true}""", "use_sliding_window")]
    [InlineData("""{"model_type":"llama","hidden_size":64,"num_hidden_layers":1,"intermediate_size":64,"num_attention_heads":4,"vocab_size":8,"hidden_act":"gelu"}""", "hidden_act")]
    [InlineData("""{"model_type":"llama","hidden_size":64,"num_hidden_layers":1,"intermediate_size":64,"num_attention_heads":4,"vocab_size":8,"rope_scaling":{"rope_type":"spiral"}}""", "rope_scaling")]
    [InlineData("""{"model_type":"alpaca"}""", "alpaca")]
    public void What_is_not_known_is_refused_by_name(string json, string named) =>
        Should.Throw<UnsupportedModelException>(() => Read(json)).Message.ShouldContain(named);

    [Theory]
    [InlineData("""{"hidden_size":64}""", "model_type")]
    [InlineData("""{"model_type":"llama","num_hidden_layers":1}""", "hidden_size")]
    [InlineData("""{"model_type":"llama","hidden_size":"wide"}""", "hidden_size")]
    [InlineData("""{"model_type":"llama","hidden_size":64,"num_hidden_layers":1,"intermediate_size":64,"num_attention_heads":0,"vocab_size":8}""", "num_attention_heads")]
    [InlineData("""{"model_type":"llama","hidden_size":64,"num_hidden_layers":1,"intermediate_size":64,"num_attention_heads":4,"vocab_size":8,"rope_scaling":{"type":"linear"}}""", "factor")]
    public void A_setting_that_is_missing_or_no_number_is_named(string json, string named) =>
        Should.Throw<CheckpointException>(() => Read(json)).Message.ShouldContain(named);

    [Fact]
    public void Every_model_type_is_listed() => HuggingFaceCheckpoint.ModelTypes.ShouldBe(
        ["bert", "bloom", "cohere", "deepseek_v2", "deepseek_v3", "falcon", "gemma", "gemma2", "gemma3_text", "gpt2", "gpt_neox", "gpt_oss", "granite", "granitemoe", "granitemoeshared",
            "hunyuan_v1_dense", "llama", "ministral3", "mistral", "mixtral", "nomic_bert", "olmo2", "olmoe", "phi", "phi3", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "smollm3", "stablelm", "starcoder2"]);
}
