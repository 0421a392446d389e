using Brickwork.Formats.Reading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Formats.Llama2C;

/// <summary>Finds the tensors of a llama2.c file, which has no names: each kind of weight lies together, layer after layer.</summary>
static class Llama2CLayout
{
    /// <summary>Puts the tensors into the table under GGUF's names, which have the same conventions for shapes and rotation.</summary>
    public static void AddTensors(TensorTable table, TensorStorage storage, Llama2CHeader header)
    {
        long width = header.Width, hidden = header.Hidden, keyWidth = header.KeyValueWidth, vocabulary = header.Vocabulary;
        var layers = header.Layers;
        var next = (long)Llama2CHeader.Bytes;
        var embedding = Take(1, vocabulary * width);
        var attentionNorm = Take(layers, width);
        var query = Take(layers, width * width);
        var key = Take(layers, keyWidth * width);
        var value = Take(layers, keyWidth * width);
        var output = Take(layers, width * width);
        var feedForwardNorm = Take(layers, width);
        var gate = Take(layers, hidden * width);
        var down = Take(layers, width * hidden);
        var up = Take(layers, hidden * width);
        var finalNorm = Take(1, width);
        _ = Take(1, (long)header.Context * header.HeadWidth); // tables of rotations, which nobody reads any more

        Add("token_embd.weight", embedding, 0, vocabulary, width);
        Add("output_norm.weight", finalNorm, 0, width);
        for (var layer = 0; layer < layers; layer++)
        {
            Add($"blk.{layer}.attn_norm.weight", attentionNorm, layer, width);
            Add($"blk.{layer}.attn_q.weight", query, layer, width, width);
            Add($"blk.{layer}.attn_k.weight", key, layer, keyWidth, width);
            Add($"blk.{layer}.attn_v.weight", value, layer, keyWidth, width);
            Add($"blk.{layer}.attn_output.weight", output, layer, width, width);
            Add($"blk.{layer}.ffn_norm.weight", feedForwardNorm, layer, width);
            Add($"blk.{layer}.ffn_gate.weight", gate, layer, hidden, width);
            Add($"blk.{layer}.ffn_down.weight", down, layer, width, hidden);
            Add($"blk.{layer}.ffn_up.weight", up, layer, hidden, width);
        }
        if (!header.IsTied)
            Add("output.weight", next, 0, vocabulary, width);

        long Take(int count, long floats)
        {
            var start = next;
            next += count * floats * sizeof(float);
            return start;
        }

        void Add(string name, long start, int index, params ReadOnlySpan<long> dimensions)
        {
            var info = new TensorInfo(name, DType.F32, new Shape(dimensions));
            table.Add(info, storage, start + index * info.Bytes);
        }
    }
}
