using Brickwork.Evaluation.Importance;
using Brickwork.TestKit;

namespace Brickwork.Evaluation.Tests;

public sealed class ImportanceTests(Stories stories) : IClassFixture<Stories>
{
    static readonly string[] OtherFiles = ["block-", "lora-", "cvec-"];

    public static TheoryData<string> Families { get; } = [.. FamilyFiles()];

    [Fact]
    public void What_goes_into_the_head_are_the_hidden_values()
    {
        var measured = ImportanceMatrix.Measure(stories.Model, [Stories.Text]);
        int[] tokens = [stories.Model.Tokenizer.Bos!.Value, .. stories.Model.Tokenizer.Encode(Stories.Text, EncodeOptions.None)];
        var (means, count) = HiddenMeans(tokens);

        measured.Tokens.ShouldBe(count);
        var head = measured.TryFind(measured.Names.Contains("output.weight") ? "output.weight" : "token_embd.weight")!;
        for (var column = 0; column < means.Length; column++)
            head[column].ShouldBe((float)means[column], 1e-4 * means[column]); // float sums over some 50 rows
    }

    [Fact]
    public void Matrices_with_the_same_input_are_measured_alike()
    {
        var measured = ImportanceMatrix.Measure(stories.Model, [Stories.Text]);

        measured.TryFind("blk.1.attn_k.weight").ShouldBe(measured.TryFind("blk.1.attn_q.weight"));
        measured.TryFind("blk.1.ffn_up.weight").ShouldBe(measured.TryFind("blk.1.ffn_gate.weight"));
        measured.TryFind("blk.1.ffn_up.weight").ShouldNotBe(measured.TryFind("blk.1.attn_q.weight"));
    }

    [Fact]
    public void Pieces_are_cut_and_limited_and_counted()
    {
        var options = new ImportanceOptions { Window = 16, Limit = 2, Datasets = ["lily"] };

        var measured = ImportanceMatrix.Measure(stories.Model, [Stories.Text], options);

        (measured.Chunks, measured.ChunkSize, measured.Tokens).ShouldBe((2, 16, 32));
        measured.Datasets.ShouldBe(["lily"]);
    }

    [Fact]
    public void The_model_itself_stays_as_it_was()
    {
        var before = stories.Model.MeasurePerplexity(Stories.Text);

        ImportanceMatrix.Measure(stories.Model, [Stories.Text]);

        stories.Model.MeasurePerplexity(Stories.Text).ShouldBe(before);
    }

    [Fact]
    public void Each_expert_counts_the_rows_that_went_through_it()
    {
        using var model = PicoModel.Mixture(new LoadOptions { Threads = 1 });

        var measured = Observe(model, tokens: 40);

        using var folder = new TemporaryFolder();
        measured.Save(folder.File("a.gguf"));
        using var file = GgufCheckpoint.OpenFile(folder.File("a.gguf"));
        float[] counts = [.. file.Open("blk.0.ffn_down_exps.weight.counts").Floats];
        counts.Length.ShouldBe(PicoModel.Experts);
        counts.Sum().ShouldBe(2 * 40);
        measured.TryFind("blk.0.ffn_down_exps.weight")!.Length.ShouldBe(PicoModel.Experts * 64);
    }

    [SkippableTheory, MemberData(nameof(Families))]
    public void Every_matrix_of_every_family_is_measured(string file)
    {
        using var model = LanguageModel.Load(SharedData.Require("data", "conformance", file), new LoadOptions { Threads = 1 });

        var measured = Observe(model, tokens: 24);

        var missing = model.Tensors.Where(tensor => IsMultiplied(tensor) && measured.TryFind(tensor.Name) is null);
        missing.Select(tensor => tensor.Name).ShouldBeEmpty();
        foreach (var name in measured.Names)
            measured.Find(name, model.Checkpoint.Open(name)).ShouldNotBeNull();
    }

    [SkippableFact]
    public void Quantizing_with_what_was_measured_keeps_what_matters()
    {
        var stored = TextFiles.Read(SharedData.Require("data", "model-stories260k", "tinystories-sample.txt"));
        var heldOut = stored[..30000];
        using var folder = new TemporaryFolder();
        var matrix = folder.File("matrix.gguf");
        var measured = ImportanceMatrix.Measure(stories.Model, [stored[100000..140000]]);
        measured.Save(matrix);

        using var plain = Quantized.Of(stories.Model.Checkpoint, folder.File("plain"), null);
        using var weighed = Quantized.Of(stories.Model.Checkpoint, folder.File("weighed"), matrix);

        foreach (var name in plain.Names)
            Error(weighed, name, measured).ShouldBeLessThan(Error(plain, name, measured), name);
        var (without, with) = (plain.Model.CompareWith(stories.Model, [heldOut]), weighed.Model.CompareWith(stories.Model, [heldOut]));
        with.KlDivergence.ShouldBeLessThan(without.KlDivergence);
        with.PerplexityRatio.ShouldBeLessThan(without.PerplexityRatio);
    }

    /// <summary>The error of a tensor, weighed by what went into its columns.</summary>
    double Error(Quantized quantized, string name, ImportanceMatrix matrix)
    {
        var (values, exact, importance) = (quantized.Values.Open(name), stories.Model.Checkpoint.Open(name), matrix.TryFind(name)!);
        var sum = 0d;
        for (var row = 0; row < exact.Rows; row++)
            for (var column = 0; column < exact.Columns; column++)
                sum += importance[column] * Math.Pow(values.Row(row)[column] - exact.Row(row)[column], 2);
        return sum;
    }

    static bool IsMultiplied(TensorInfo tensor) =>
        tensor.Shape.Rank > 1 && tensor.Name.EndsWith(".weight", StringComparison.Ordinal)
        && !tensor.Name.Contains("_norm", StringComparison.Ordinal) && !tensor.Name.Contains("embd", StringComparison.Ordinal)
        && !tensor.Name.Contains("conv", StringComparison.Ordinal) && !tensor.Name.Contains("token_types", StringComparison.Ordinal)
        // RWKV: a table of shares, and matrices that the first layer has but does not use.
        && !tensor.Name.Contains("_lerp_", StringComparison.Ordinal)
        && tensor.Name is not ("blk.0.time_mix_v1.weight" or "blk.0.time_mix_v2.weight");

    static IEnumerable<string> FamilyFiles()
    {
        var folder = Path.Combine(SharedData.Repository, "..", "shared", "data", "conformance");
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.gguf").Select(path => Path.GetFileName(path)!)
                .Where(name => !OtherFiles.Any(start => name.StartsWith(start, StringComparison.Ordinal))).Order(StringComparer.Ordinal)
            : ["llama-f32.gguf"];
    }

    static ImportanceMatrix Observe(LanguageModel model, int tokens)
    {
        var inputs = new InputSums(model.Checkpoint);
        using var observed = model.With(inputs.Observe(model.Decoder));
        using var pass = new ObservedPass(observed);
        pass.Run([.. Enumerable.Range(0, tokens).Select(index => 3 + index * 37 % 300)]);
        return inputs.Finish([], chunks: 1, tokens);
    }

    (double[] Means, int Count) HiddenMeans(int[] tokens)
    {
        using var runner = stories.Model.CreateRunner(new RunnerOptions { Output = RunnerOutput.Hidden });
        using var sequence = runner.StartSequence();
        var hidden = runner.Forward(new Batch().Add(sequence, tokens, LogitRows.All));
        var means = new double[hidden.Columns];
        for (var row = 0; row < hidden.Rows; row++)
            for (var column = 0; column < means.Length; column++)
                means[column] += Math.Pow(hidden.Row(row)[column], 2) / hidden.Rows;
        return (means, hidden.Rows);
    }

    /// <summary>A model in Q4_0, and what its tensors hold.</summary>
    sealed record Quantized(LanguageModel Model, GgufCheckpoint Values) : IDisposable
    {
        public IEnumerable<string> Names => Model.Tensors.Where(tensor => tensor.Type == DType.Q4_0).Select(tensor => tensor.Name);

        public static Quantized Of(Checkpoint source, string target, string? matrix)
        {
            var (blocks, floats) = (target + ".gguf", target + "-f32.gguf");
            ModelConverter.Convert(source, blocks, new ConvertOptions { Type = "q4_0", ImportanceMatrix = matrix });
            ModelConverter.Convert(blocks, floats, new ConvertOptions { Type = "f32" });
            var model = LanguageModel.Load(blocks, new LoadOptions { Precision = Precision.Exact });
            return new Quantized(model, GgufCheckpoint.OpenFile(floats));
        }

        public void Dispose()
        {
            Model.Dispose();
            Values.Dispose();
        }
    }
}
