using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

/// <summary>A small decoder in double precision, as its paper says and with plain loops: Llama, or Gemma 2 with its caps and norms.</summary>
/// <param name="checkpoint">F32 weights by their names in a GGUF file.</param>
sealed class DoubleModel(Checkpoint checkpoint)
{
    const double Epsilon = 1e-5f;
    const double AttentionCap = 50;
    const double LogitCap = 30;

    readonly Dictionary<string, double[]> _weights = checkpoint.Tensors.ToDictionary(
        tensor => tensor.Name, tensor => checkpoint.Open(tensor.Name).Floats.ToArray().Select(value => (double)value).ToArray());

    readonly bool _isGemma = checkpoint.Metadata.Text("general.architecture") == "gemma2";

    /// <summary>The weights of a tensor; changing them changes the model.</summary>
    public double[] this[string name]
    {
        get => _weights[name];
        set => _weights[name] = value;
    }

    /// <summary>The sum of losses in nats.</summary>
    public double Loss(TokenBatch batch)
    {
        var (sum, start) = (0.0, 0);
        foreach (var length in batch.Lengths)
        {
            var hidden = Hidden(batch.Tokens.AsSpan(start, length).ToArray());
            for (var row = 0; row < length; row++)
                if (batch.Targets[start + row] is >= 0 and var target)
                    sum -= Math.Log(SoftmaxGradients.Forward(Logits(hidden[row]))[target]);
            start += length;
        }
        return sum;
    }

    double[] Logits(double[] hidden)
    {
        var logits = Product("output.weight", Norm("output_norm.weight", hidden));
        return _isGemma ? [.. logits.Select(logit => LogitCap * Math.Tanh(logit / LogitCap))] : logits;
    }

    double[][] Hidden(int[] tokens)
    {
        var hidden = tokens.Select(Embed).ToArray();
        for (var layer = 0; _weights.ContainsKey($"blk.{layer}.attn_q.weight"); layer++)
        {
            var blk = $"blk.{layer}.";
            var attended = Attention(layer, [.. hidden.Select(row => Norm(blk + "attn_norm.weight", row))]);
            hidden = [.. hidden.Zip(attended, (row, delta) => Sum(row, After(blk + "post_attention_norm.weight", delta)))];
            hidden = [.. hidden.Select(row => Sum(row, After(blk + "post_ffw_norm.weight", FeedForward(blk, Norm(blk + "ffn_norm.weight", row)))))];
        }
        return hidden;
    }

    double[] Embed(int token)
    {
        var scale = _isGemma ? MathF.Sqrt(PicoModel.Width) : 1;
        return [.. _weights["token_embd.weight"].AsSpan(token * PicoModel.Width, PicoModel.Width).ToArray().Select(value => value * scale)];
    }

    double[] FeedForward(string blk, double[] row)
    {
        var (gate, up) = (Product(blk + "ffn_gate.weight", row), Product(blk + "ffn_up.weight", row));
        return Product(blk + "ffn_down.weight", [.. gate.Zip(up, (x, factor) => Activate(x) * factor)]);
    }

    double Activate(double x) => _isGemma
        ? x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))
        : x / (1 + Math.Exp(-x));

    double[][] Attention(int layer, double[][] rows)
    {
        var blk = $"blk.{layer}.";
        var queries = rows.Select((row, position) => Turn(position, Product(blk + "attn_q.weight", row))).ToArray();
        var keys = rows.Select((row, position) => Turn(position, Product(blk + "attn_k.weight", row))).ToArray();
        var values = rows.Select(row => Product(blk + "attn_v.weight", row)).ToArray();
        var window = _isGemma && layer % 2 == 0 ? PicoModel.Window : int.MaxValue;
        return [.. queries.Select((query, position) => Product(blk + "attn_output.weight", Attend(query, keys, values, position, window)))];
    }

    double[] Attend(double[] query, double[][] keys, double[][] values, int position, int window)
    {
        var mixed = new double[query.Length];
        for (var head = 0; head < PicoModel.Heads; head++)
        {
            var (own, shared) = (head * PicoModel.HeadWidth, head / 2 * PicoModel.HeadWidth);
            var first = Math.Max(0, position - (window - 1));
            var scores = new double[position + 1 - first];
            for (var seen = first; seen <= position; seen++)
            {
                for (var i = 0; i < PicoModel.HeadWidth; i++)
                    scores[seen - first] += query[own + i] * keys[seen][shared + i] / Math.Sqrt(PicoModel.HeadWidth);
                if (_isGemma)
                    scores[seen - first] = AttentionCap * Math.Tanh(scores[seen - first] / AttentionCap);
            }
            var shares = SoftmaxGradients.Forward(scores);
            for (var seen = first; seen <= position; seen++)
                for (var i = 0; i < PicoModel.HeadWidth; i++)
                    mixed[own + i] += shares[seen - first] * values[seen][shared + i];
        }
        return mixed;
    }

    /// <summary>Rotary positions: neighbours turn together in Llama, halves of a head in Gemma.</summary>
    double[] Turn(int position, double[] row)
    {
        const int Pairs = PicoModel.HeadWidth / 2;
        for (var head = 0; head < row.Length; head += PicoModel.HeadWidth)
            for (var pair = 0; pair < Pairs; pair++)
            {
                var (first, second) = _isGemma ? (head + pair, head + pair + Pairs) : (head + 2 * pair, head + 2 * pair + 1);
                var (sine, cosine) = Math.SinCos(position * Math.Pow(10000, -(double)pair / Pairs));
                (row[first], row[second]) = (row[first] * cosine - row[second] * sine, row[first] * sine + row[second] * cosine);
            }
        return row;
    }

    double[] After(string norm, double[] row) => _isGemma ? Norm(norm, row) : row;

    double[] Norm(string name, double[] row)
    {
        var scale = 1 / Math.Sqrt(row.Average(value => value * value) + Epsilon);
        return [.. row.Zip(_weights[name], (value, gain) => value * scale * gain)];
    }

    double[] Product(string name, double[] row)
    {
        var weight = _weights[name];
        var y = new double[weight.Length / row.Length];
        for (var output = 0; output < y.Length; output++)
            for (var input = 0; input < row.Length; input++)
                y[output] += weight[output * row.Length + input] * row[input];
        return y;
    }

    static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
