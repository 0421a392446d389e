using Brickwork.Models.Loading;

namespace Brickwork.Training.Session;

/// <summary>Makes the checkpoint of a new Llama: random weights and everything that a file says about a model.</summary>
static class LlamaWeights
{
    public static MemoryCheckpoint Create(NewLlama plan, string name, Tokenizer tokenizer, long seed)
    {
        var checkpoint = new MemoryCheckpoint($"new model '{name}'");
        Describe(checkpoint.Metadata, plan, name, tokenizer.VocabularySize);
        GgufTokenizer.Write(tokenizer.ToDefinition(), checkpoint.Metadata);
        var random = new SeededRandom(seed);
        Tensor Matrix(int rows, int columns, float deviation) => Normal(random, rows, columns, deviation);
        // Each layer adds to the same stream; smaller last steps keep its variance where it began.
        var (width, keys, last) = (plan.Width, plan.Width / plan.Heads * plan.KeyHeads, plan.Deviation / MathF.Sqrt(2 * plan.Layers));
        checkpoint.Add("token_embd.weight", Matrix(tokenizer.VocabularySize, width, plan.Deviation));
        for (var layer = 0; layer < plan.Layers; layer++)
        {
            var stem = $"blk.{layer}.";
            checkpoint
                .Add(stem + "attn_norm.weight", Ones(width))
                .Add(stem + "attn_q.weight", Matrix(width, width, plan.Deviation))
                .Add(stem + "attn_k.weight", Matrix(keys, width, plan.Deviation))
                .Add(stem + "attn_v.weight", Matrix(keys, width, plan.Deviation))
                .Add(stem + "attn_output.weight", Matrix(width, width, last))
                .Add(stem + "ffn_norm.weight", Ones(width))
                .Add(stem + "ffn_gate.weight", Matrix(plan.Neurons, width, plan.Deviation))
                .Add(stem + "ffn_up.weight", Matrix(plan.Neurons, width, plan.Deviation))
                .Add(stem + "ffn_down.weight", Matrix(width, plan.Neurons, last));
        }
        checkpoint.Add("output_norm.weight", Ones(width));
        if (!plan.TiedHead)
            checkpoint.Add("output.weight", Matrix(tokenizer.VocabularySize, width, plan.Deviation));
        return checkpoint;
    }

    // llama.cpp refuses sizes that are signed.
    static void Describe(Metadata metadata, NewLlama plan, string name, int vocabulary)
    {
        metadata.Set("general.architecture", "llama");
        metadata.Set("general.name", name);
        metadata.Set("llama.block_count", (uint)plan.Layers);
        metadata.Set("llama.context_length", (uint)plan.Context);
        metadata.Set("llama.embedding_length", (uint)plan.Width);
        metadata.Set("llama.feed_forward_length", (uint)plan.Neurons);
        metadata.Set("llama.attention.head_count", (uint)plan.Heads);
        metadata.Set("llama.attention.head_count_kv", (uint)plan.KeyHeads);
        metadata.Set("llama.attention.layer_norm_rms_epsilon", plan.NormEpsilon);
        metadata.Set("llama.rope.freq_base", plan.RopeBase);
        metadata.Set("llama.rope.dimension_count", (uint)(plan.Width / plan.Heads));
        metadata.Set("llama.vocab_size", (uint)vocabulary);
    }

    static Tensor Normal(SeededRandom random, int rows, int columns, float deviation)
    {
        var tensor = Tensor.Zeros(rows, columns);
        for (var row = 0; row < rows; row++)
            foreach (ref var value in tensor.Row(row))
                value = (float)(random.NextGaussian() * deviation);
        return tensor;
    }

    static Tensor Ones(int length)
    {
        var tensor = Tensor.Zeros(length);
        tensor.Floats.Fill(1);
        return tensor;
    }
}
