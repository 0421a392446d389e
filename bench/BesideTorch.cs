#:project ../src/Brickwork.Models/Brickwork.Models.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Training beside PyTorch: the same small Llama, weights, batches and optimizer on both sides, in turn. bench/README.md says what is needed.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Brickwork;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    ["ours", var mode, var folder, var threads, var steps] => Ours.Run(mode, folder, Number(threads), Number(steps)),
    ["gradients", var shape] => Beside.Gradients(Model.Named(shape)),
    ["curve", var shape, var steps] => Beside.Curve(Model.Named(shape), Number(steps)),
    ["speed", var shape, var threads, var steps, var rounds] => Beside.Speed(Model.Named(shape), Number(threads), Number(steps), Number(rounds)),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("usage, from the root of the repository: gradients SHAPE | curve SHAPE STEPS | speed SHAPE THREADS STEPS ROUNDS; SHAPE is tiny, tied or dense");
    return 2;
}

/// <summary>The shape of a model and of its batches.</summary>
sealed record Model(int Width, int Layers, int Heads, int KvHeads, int Hidden, int Vocabulary, int Sequences, int Length, bool IsTied)
{
    public const float Epsilon = 1e-5f, RopeBase = 10000;

    public static readonly AdamWOptions Optimizer = new() { Beta1 = 0.9f, Beta2 = 0.95f, Epsilon = 1e-8f, WeightDecay = 0.1f };

    public const float Rate = 1e-3f;

    public static Model Named(string name) => name switch
    {
        "tiny" => new(64, 2, 4, 2, 176, 256, 4, 96, IsTied: false),
        "tied" => new(48, 3, 4, 4, 128, 256, 3, 65, IsTied: true),
        "dense" => new(256, 6, 8, 4, 704, 4096, 4, 512, IsTied: true),
        _ => throw new ArgumentException($"'{name}' is no shape; expected tiny, tied or dense."),
    };

    public IEnumerable<(string Name, int Rows, int Columns)> Tensors()
    {
        yield return ("token_embd.weight", Vocabulary, Width);
        for (var layer = 0; layer < Layers; layer++)
        {
            yield return ($"blk.{layer}.attn_norm.weight", 1, Width);
            yield return ($"blk.{layer}.attn_q.weight", Width, Width);
            yield return ($"blk.{layer}.attn_k.weight", Width / Heads * KvHeads, Width);
            yield return ($"blk.{layer}.attn_v.weight", Width / Heads * KvHeads, Width);
            yield return ($"blk.{layer}.attn_output.weight", Width, Width);
            yield return ($"blk.{layer}.ffn_norm.weight", 1, Width);
            yield return ($"blk.{layer}.ffn_gate.weight", Hidden, Width);
            yield return ($"blk.{layer}.ffn_up.weight", Hidden, Width);
            yield return ($"blk.{layer}.ffn_down.weight", Width, Hidden);
        }
        yield return ("output_norm.weight", 1, Width);
        if (!IsTied)
            yield return ("output.weight", Vocabulary, Width);
    }

    /// <summary>Random weights and the bytes of this repository's documents, as files that both sides read.</summary>
    public string Write(int batches)
    {
        var folder = Directory.CreateTempSubdirectory("beside-torch-").FullName;
        var random = new Random(1);
        var weights = Tensors().ToDictionary(tensor => tensor.Name, tensor => Weights(random, tensor.Rows, tensor.Columns));
        Files.Write(Path.Combine(folder, "weights.safetensors"), weights, new()
        {
            ["layers"] = Text(Layers), ["heads"] = Text(Heads), ["kv_heads"] = Text(KvHeads), ["epsilon"] = Text(Epsilon), ["rope_base"] = Text(RopeBase),
            ["hidden"] = Text(Hidden), ["width"] = Text(Width), ["vocabulary"] = Text(Vocabulary), ["length"] = Text(Length),
        });
        Files.Write(Path.Combine(folder, "batches.safetensors"), new() { ["tokens"] = Tokens(batches) }, new()
        {
            ["rate"] = Text(Rate), ["weight_decay"] = Text(Optimizer.WeightDecay), ["adam_epsilon"] = Text(Optimizer.Epsilon),
            ["beta1"] = Text(Optimizer.Beta1), ["beta2"] = Text(Optimizer.Beta2),
        });
        return folder;
    }

    static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    static Tensor Weights(Random random, int rows, int columns)
    {
        var tensor = rows == 1 ? Tensor.Zeros(columns) : Tensor.Zeros(rows, columns);
        foreach (ref var value in tensor.Floats)
            value = rows == 1 ? 0.9f + 0.2f * random.NextSingle() : (random.NextSingle() - 0.5f) * 2 / MathF.Sqrt(columns);
        return tensor;
    }

    Tensor Tokens(int batches)
    {
        byte[] text = [.. Directory.GetFiles("docs", "*.md").Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)];
        var tensor = Tensor.Zeros(DType.I32, batches, Sequences, Length + 1);
        var tokens = MemoryMarshal.Cast<byte, int>(tensor.RowSpan(0, tensor.Rows));
        // Each byte with the one before it, so that a large vocabulary is used; a byte alone where the vocabulary is one of bytes.
        for (var index = 0; index < tokens.Length; index++)
            tokens[index] = Vocabulary == 256 ? text[index % text.Length] : (text[index % text.Length] * 31 + text[(index + 1) % text.Length]) % Vocabulary;
        return tensor;
    }
}

/// <summary>Our side, as a process of its own: the same arguments and the same line of JSON as torch_llama.py.</summary>
static class Ours
{
    public static int Run(string mode, string folder, int threads, int steps)
    {
        using var weights = SafetensorsCheckpoint.OpenFile(Path.Combine(folder, "weights.safetensors"));
        using var batches = SafetensorsCheckpoint.OpenFile(Path.Combine(folder, "batches.safetensors"));
        using var model = TrainableModel.From(Llama(weights), new TrainableOptions { Threads = threads });
        var tokens = batches.Open("tokens");
        var result = mode == "gradients" ? Gradients(model, Batch(tokens, 0), folder) : Train(model, tokens, steps);
        Console.WriteLine(JsonSerializer.Serialize(result with { peak = Process.GetCurrentProcess().PeakWorkingSet64 }));
        return 0;
    }

    static Result Gradients(TrainableModel model, TokenBatch batch, string folder)
    {
        var loss = model.Accumulate(batch, 1f / batch.Scored);
        Files.Write(Path.Combine(folder, "ours.safetensors"), model.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Gradient), []);
        return new([loss.Mean], 0, 0);
    }

    static Result Train(TrainableModel model, Tensor tokens, int steps)
    {
        var optimizer = (GradientOptimizer)Optimizer.Create(Model.Optimizer, model.Model.Compute, model.Parameters);
        var losses = new double[steps];
        var (warmUp, begin) = (Math.Min(2, steps - 1), Stopwatch.GetTimestamp());
        var scored = 0L;
        for (var step = 0; step < steps; step++)
        {
            if (step == warmUp)
                (begin, scored) = (Stopwatch.GetTimestamp(), 0);
            var batch = Batch(tokens, step % (int)tokens.Shape[0]);
            model.ClearGradients();
            losses[step] = model.Accumulate(batch, 1f / batch.Scored).Mean;
            optimizer.Advance(step, Model.Rate);
            scored += batch.Scored;
        }
        return new(losses, scored / Stopwatch.GetElapsedTime(begin).TotalSeconds, 0);
    }

    static TokenBatch Batch(Tensor tokens, int index)
    {
        var (sequences, length) = ((int)tokens.Shape[1], (int)tokens.Shape[2] - 1);
        var rows = Enumerable.Range(index * sequences, sequences).Select(row => MemoryMarshal.Cast<byte, int>(tokens.RowSpan(row, 1)).ToArray()).ToList();
        return new([.. rows.SelectMany(row => row[..^1])], [.. rows.SelectMany(row => row[1..])], [.. Enumerable.Repeat(length, sequences)]);
    }

    static MemoryCheckpoint Llama(Checkpoint weights)
    {
        var checkpoint = new MemoryCheckpoint("the Llama beside PyTorch");
        foreach (var tensor in weights.Tensors)
            checkpoint.Add(tensor.Name, weights.Open(tensor.Name));
        var metadata = checkpoint.Metadata;
        metadata.Set("general.architecture", "llama");
        metadata.Set("llama.block_count", Number("layers"));
        metadata.Set("llama.embedding_length", Number("width"));
        metadata.Set("llama.feed_forward_length", Number("hidden"));
        metadata.Set("llama.attention.head_count", Number("heads"));
        metadata.Set("llama.attention.head_count_kv", Number("kv_heads"));
        metadata.Set("llama.attention.layer_norm_rms_epsilon", Model.Epsilon);
        metadata.Set("llama.rope.freq_base", Model.RopeBase);
        metadata.Set("llama.context_length", Number("length"));
        metadata.Set("llama.vocab_size", Number("vocabulary"));
        var words = Enumerable.Range(0, Number("vocabulary")).ToArray();
        metadata.Set("tokenizer.ggml.model", "llama");
        metadata.Set("tokenizer.ggml.tokens", words.Select(word => word == 0 ? "<unk>" : word < 257 ? $"<0x{word - 1:X2}>" : $"word{word}").ToArray());
        metadata.Set("tokenizer.ggml.scores", words.Select(word => -(float)word).ToArray());
        metadata.Set("tokenizer.ggml.token_type", words.Select(word => word == 0 ? 2 : word < 257 ? 6 : 1).ToArray());
        return checkpoint;

        int Number(string key) => int.Parse(weights.Metadata.Text(key), CultureInfo.InvariantCulture);
    }
}

/// <summary>What a side prints.</summary>
sealed record Result(double[] losses, double rate, long peak);

/// <summary>Both sides, one after the other.</summary>
static class Beside
{
    public static int Gradients(Model model)
    {
        var folder = model.Write(batches: 1);
        var (ours, theirs) = (Run(ours: true, "gradients", folder, 1, 1), Run(ours: false, "gradients", folder, 1, 1));
        using var found = SafetensorsCheckpoint.OpenFile(Path.Combine(folder, "ours.safetensors"));
        using var expected = SafetensorsCheckpoint.OpenFile(Path.Combine(folder, "torch.safetensors"));
        Console.WriteLine($"loss {ours.losses[0]:R}, PyTorch {theirs.losses[0]:R}");
        Console.WriteLine("| tensor | ‖gradient‖ | ‖difference‖ / ‖gradient‖ |\n|---|---|---|");
        var worst = 0.0;
        foreach (var name in expected.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal))
        {
            var (a, b) = (found.Open(name).Floats.ToArray(), expected.Open(name).Floats.ToArray());
            var length = Math.Sqrt(b.Sum(value => (double)value * value));
            var share = Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum()) / length;
            Console.WriteLine($"| {name} | {length:G4} | {share:E1} |");
            worst = Math.Max(worst, share);
        }
        Console.WriteLine($"worst: {worst:E2}");
        Directory.Delete(folder, recursive: true);
        return worst <= 1e-5 ? 0 : 1;
    }

    public static int Curve(Model model, int steps)
    {
        var folder = model.Write(batches: Math.Min(steps, 32));
        var (ours, theirs) = (Run(ours: true, "train", folder, 2, steps), Run(ours: false, "train", folder, 2, steps));
        var distance = ours.losses.Zip(theirs.losses, (a, b) => Math.Abs(a - b)).ToArray();
        for (var step = 0; step < steps; step += Math.Max(1, steps / 20))
            Console.WriteLine($"step {step,4}: {ours.losses[step]:F6}, PyTorch {theirs.losses[step]:F6}, apart {distance[step]:E1}");
        Console.WriteLine($"largest distance over {steps} steps: {distance.Max():E2} nats; last loss {ours.losses[^1]:F4} and {theirs.losses[^1]:F4}");
        Directory.Delete(folder, recursive: true);
        return distance.Max() <= 1e-3 ? 0 : 1;
    }

    public static int Speed(Model model, int threads, int steps, int rounds)
    {
        var folder = model.Write(batches: 4);
        var (ours, theirs) = (new List<Result>(), new List<Result>());
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(Run(ours: true, "train", folder, threads, steps));
            theirs.Add(Run(ours: false, "train", folder, threads, steps));
            Console.WriteLine($"round {round + 1}: {ours[^1].rate:F0} tokens/s, PyTorch {theirs[^1].rate:F0}, ratio {ours[^1].rate / theirs[^1].rate:F2}");
        }
        Console.WriteLine($"{model}, {threads} threads, {steps} steps");
        Console.WriteLine($"best {ours.Max(one => one.rate):F0} and {theirs.Max(one => one.rate):F0} tokens/s, "
            + $"median ratio {Median(ours.Zip(theirs, (a, b) => a.rate / b.rate)):F2}, peak memory {ours.Max(one => one.peak) >> 20} and {theirs.Max(one => one.peak) >> 20} MiB");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2 : 0;

    static Result Run(bool ours, string mode, string folder, int threads, int steps)
    {
        string[] arguments = ours
            ? [Environment.ProcessPath!, "ours", mode, folder, $"{threads}", $"{steps}"]
            : [Environment.GetEnvironmentVariable("TORCH_PYTHON") ?? "python3", "bench/peers/torch_llama.py", mode, folder, "--threads", $"{threads}", "--steps", $"{steps}"];
        using var process = Process.Start(new ProcessStartInfo(arguments[0], arguments[1..]) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Result>(line)! : throw new InvalidOperationException($"{string.Join(' ', arguments)} failed.");
    }
}

/// <summary>Tensors in safetensors files.</summary>
static class Files
{
    public static void Write(string path, Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata)
    {
        using var writer = SafetensorsWriter.Create(path, metadata, [.. tensors.Select(entry => new TensorInfo(entry.Key, entry.Value.Type, entry.Value.Shape))]);
        foreach (var (name, tensor) in tensors)
            writer.Write(name, tensor);
        writer.Complete();
    }
}
