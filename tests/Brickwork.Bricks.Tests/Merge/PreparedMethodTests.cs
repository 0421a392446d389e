using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Methods;
using Brickwork.Bricks.Merge.Preparing;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.Tensors.LinearAlgebra;
using Brickwork.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Methods that look at whole models before they merge a tensor.</summary>
public sealed class PreparedMethodTests : IDisposable
{
    const string Text = "The old man went to the sea, and the sea was calm. He said nothing, and nobody asked him.";

    static readonly Tolerance Reordered = new(2e-6, 2e-6, "sums in another order, or of two halves");

    readonly TemporaryFolder _folder = new();
    readonly MemoryCheckpoint _model = PicoModel.LlamaCheckpoint(seed: 1);

    public PreparedMethodTests()
    {
        PicoModel.Save(_model, _folder.File("a.gguf"));
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 2), _folder.File("b.gguf"));
        _folder.Write("text.txt", Text);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Git_rebasin_finds_the_order_of_renumbered_neurons_and_heads()
    {
        PicoModel.Save(Renumbered(), _folder.File("renumbered.gguf"));
        using (var other = LanguageModel.Load(_folder.File("renumbered.gguf"), new LoadOptions { Precision = Precision.Exact }))
        using (var original = LanguageModel.Load(_folder.File("a.gguf"), new LoadOptions { Precision = Precision.Exact }))
            ((ReadOnlySpan<float>)MergedWeightsTests.Logits(other)).ShouldBeClose(MergedWeightsTests.Logits(original), Reordered, "a renumbered model says the same");

        using var merged = Merge("merge_method: git_rebasin\nmodels: [a.gguf, renumbered.gguf]");
        using var mean = Merge("merge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf, renumbered.gguf]");

        foreach (var tensor in merged.Tensors)
            ((ReadOnlySpan<float>)merged.Open(tensor.Name).Floats).ShouldBeClose(_model.Open(tensor.Name).Floats, Tolerance.Roundings(1), tensor.Name);
        using (var model = LanguageModel.From(Merge("merge_method: git_rebasin\nmodels: [a.gguf, renumbered.gguf]"), new LoadOptions { Precision = Precision.Exact }))
        using (var original = LanguageModel.Load(_folder.File("a.gguf"), new LoadOptions { Precision = Precision.Exact }))
            ((ReadOnlySpan<float>)MergedWeightsTests.Logits(model)).ShouldBeClose(MergedWeightsTests.Logits(original), Reordered);
        mean.Open("blk.0.ffn_up.weight").Floats.ToArray().ShouldNotBe(_model.Open("blk.0.ffn_up.weight").Floats.ToArray(), "a plain mean does not find it");
    }

    [Fact]
    public void Zipit_pairs_the_neurons_of_a_renumbered_copy()
    {
        PicoModel.Save(Renumbered(heads: false), _folder.File("renumbered.gguf"));

        using var merged = LanguageModel.From(Merge("merge_method: zipit\nparameters: {data: text.txt, beta: 0}\nmodels: [a.gguf, renumbered.gguf]"), new LoadOptions { Precision = Precision.Exact });
        using var original = LanguageModel.Load(_folder.File("a.gguf"), new LoadOptions { Precision = Precision.Exact });

        ((ReadOnlySpan<float>)MergedWeightsTests.Logits(merged)).ShouldBeClose(MergedWeightsTests.Logits(original), Reordered);
    }

    [Fact]
    public void Zip_matching_pairs_the_most_alike_and_spends_no_more_than_its_budget_within_a_model()
    {
        // Two models of four features. 0 and 1 are twins in the first model; 2 ~ 6, 3 ~ 7.
        var likeness = Matrix.Of(8, 8, (i, j) => (Math.Min(i, j), Math.Max(i, j)) switch { (0, 1) => .9, (2, 6) => .8, (3, 7) => .7, (0, 4) => .2, (1, 5) => .1, (4, 5) => .05, _ => 0 });

        Groups(beta: .5).ShouldBe(["0 1", "2 6", "3 7", "4 5"], "one pair within the first model, then one within the second, which has as many left");
        Groups(beta: 0).ShouldBe(["0 4", "1 5", "2 6", "3 7"]);

        string[] Groups(double beta) => [.. new ZipMatching(likeness.Map((_, _, value) => value), 2, 4, .3, beta).Run().Select(group => string.Join(' ', group.Order())).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void The_best_assignment_is_the_best_of_all_permutations() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new SeededRandom(seed);
            var values = Matrix.Of(5, 5, (_, _) => random.NextGaussian());

            var best = Assignment.Best(values);

            best.Order().ShouldBe(Enumerable.Range(0, 5));
            Permutations(5).Max(order => order.Select((column, row) => values[row, column]).Sum()).ShouldBe(best.Select((column, row) => values[row, column]).Sum(), 1e-12);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fisher_takes_what_one_text_alone_depends_on_from_its_model()
    {
        _folder.Write("other.txt", "zzzz zzzz zzzz zzzz zzzz.");
        using var merged = Merge("merge_method: fisher\nparameters: {floor: 0}\nmodels: [{model: a.gguf, parameters: {data: text.txt}}, {model: b.gguf, parameters: {data: other.txt}}]");
        using var a = CheckpointFile.Open(_folder.File("a.gguf"));
        using var b = CheckpointFile.Open(_folder.File("b.gguf"));
        using var model = LanguageModel.Load(_folder.File("a.gguf"));
        var (mine, theirs) = (model.Tokenizer.Encode(Text, EncodeOptions.None), model.Tokenizer.Encode("zzzz zzzz zzzz zzzz zzzz.", EncodeOptions.None));
        // The last token is foreseen, but nothing is foreseen from it.
        var (onlyMine, onlyTheirs) = (mine[..^1].Except(theirs).First(), theirs[..^1].Except(mine).First());
        var neither = Enumerable.Range(0, PicoModel.Vocabulary).Except(mine).Except(theirs).Last();

        var rows = merged.Open("token_embd.weight");
        rows.Row(onlyMine).ToArray().ShouldBe(a.Open("token_embd.weight").Row(onlyMine).ToArray());
        rows.Row(onlyTheirs).ToArray().ShouldBe(b.Open("token_embd.weight").Row(onlyTheirs).ToArray());
        float[] mean = [.. a.Open("token_embd.weight").Row(neither).ToArray().Zip(b.Open("token_embd.weight").Row(neither).ToArray(), (x, y) => (float)(((double)x + y) / 2))];
        ((ReadOnlySpan<float>)rows.Row(neither)).ShouldBeClose(mean, Tolerance.Roundings(1));
    }

    [Fact]
    public void Fisher_information_is_the_mean_square_of_gradients()
    {
        using var model = LanguageModel.Load(_folder.File("a.gguf"));
        int[] window = [5, 9, 7, 33];
        using var trained = TrainableModel.From(model);
        trained.ClearGradients();
        trained.Accumulate(new TokenBatch(window[..^1], window[1..], [3]), 1);
        var gradient = trained.Parameters.Single(parameter => parameter.Name == "blk.1.ffn_down.weight").Gradient.Floats.ToArray();

        // Weights 1 and 0 beside a model of ones show F itself: (1·F·2 + 1·1·0)/(F + 1).
        var method = MergeMethods.Find("fisher")!;
        var shared = ParameterValues.Defaults(method.Shared);
        var weight = ParameterValues.Defaults(method.PerSource);
        var squares = gradient.Select(value => value * value).ToArray();
        var result = new float[gradient.Length];
        method.Run(new MergeTensors
        {
            Name = "t", Shape = new Shape(gradient.Length), Shared = shared,
            Sources =
            [
                new MergeSource(0, (float[])[.. Enumerable.Repeat(2f, gradient.Length)], weight) { Importance = squares },
                new MergeSource(1, new float[gradient.Length], weight) { Importance = [.. Enumerable.Repeat(1f, gradient.Length)] },
            ],
        }, result);

        float[] expected = [.. squares.Select(square => Math.Max(1e-6, square)).Select(square => (float)(2 * square / (square + 1)))];
        ((ReadOnlySpan<float>)result).ShouldBeClose(expected, Tolerance.Roundings(2));
    }

    [Fact]
    public void Regmean_solves_its_normal_equations()
    {
        var random = new SeededRandom(4);
        var method = MergeMethods.Find("regmean")!;
        var weight = ParameterValues.Defaults(method.PerSource);
        Matrix[] grams = [.. Enumerable.Range(0, 2).Select(_ => Matrix.Of(20, 6, (_, _) => random.NextGaussian())).Select(rows => rows.Transposed() * rows)];
        float[][] weights = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 4 * 6).Select(_ => (float)random.NextGaussian()).ToArray())];
        var result = new float[4 * 6];

        method.Run(new MergeTensors
        {
            Name = "t", Shape = new Shape(4, 6), Shared = ParameterValues.Defaults(method.Shared).Set("off_diagonal", 1),
            Sources = [.. weights.Select((values, i) => new MergeSource(i, values, weight) { Gram = grams[i] })],
        }, result);

        var left = (grams[0] + grams[1]) * Turned(result);
        var right = grams[0] * Turned(weights[0]) + grams[1] * Turned(weights[1]);
        for (var i = 0; i < left.Values.Length; i++)
            left.Values[i].ShouldBe(right.Values[i], 1e-4);

        static Matrix Turned(float[] values) => Matrix.Of(6, 4, (input, output) => values[output * 6 + input]);
    }

    [Theory]
    [InlineData("fisher"), InlineData("regmean"), InlineData("zipit"), InlineData("git_rebasin")]
    public void A_model_merged_with_itself_stays_what_it_is(string method)
    {
        var texts = method == "git_rebasin" ? "" : "\nparameters: {data: text.txt}";
        var merged = Merge($"merge_method: {method}\nmodels: [a.gguf, a.gguf]{texts}");
        // Neurons that are joined within a model come out in another order or shared; what it says is what counts.
        using var model = LanguageModel.From(merged, new LoadOptions { Precision = Precision.Exact });
        using var original = LanguageModel.Load(_folder.File("a.gguf"), new LoadOptions { Precision = Precision.Exact });

        ((ReadOnlySpan<float>)MergedWeightsTests.Logits(model)).ShouldBeClose(MergedWeightsTests.Logits(original), new Tolerance(1e-5, 1e-5, "a linear system solved in double, and sums in another order"), method);
    }

    [Theory]
    [InlineData("merge_method: fisher\nmodels: [a.gguf, b.gguf]", "--data")]
    [InlineData("merge_method: regmean\nparameters: {data: none.txt}\nmodels: [a.gguf, b.gguf]", "none.txt")]
    [InlineData("merge_method: linear\nparameters: {weight: 1, data: text.txt}\nmodels: [a.gguf, b.gguf]", "'data'")]
    [InlineData("merge_method: git_rebasin\nmodels: [a.gguf]", "at least 2")]
    [InlineData("merge_method: git_rebasin\nmodels: [mixture.gguf, mixture.gguf]", "ffn_gate_inp")]
    public void What_cannot_be_looked_at_is_refused_before_anything_is_merged(string recipe, string word)
    {
        PicoModel.Save(PicoModel.MixtureCheckpoint(), _folder.File("mixture.gguf"));

        Should.Throw<RecipeException>(() => MergeRecipe.Parse(recipe, _folder.File("recipe.yml")).Plan()).Message.ShouldContain(word);
    }

    [Fact]
    public void Texts_of_the_options_are_for_models_without_their_own()
    {
        const string Recipe = "merge_method: fisher\nmodels: [a.gguf, b.gguf]";
        using var given = MergeRecipe.Parse(Recipe, _folder.File("recipe.yml")).Plan(new MergeOptions { Texts = _folder.File("text.txt") }).Merged();
        using var written = Merge(Recipe + "\nparameters: {data: text.txt}");

        foreach (var tensor in given.Tensors)
            given.Open(tensor.Name).Floats.ToArray().ShouldBe(written.Open(tensor.Name).Floats.ToArray(), tensor.Name);
    }

    Checkpoint Merge(string yaml) => MergeRecipe.Parse(yaml, _folder.File("recipe.yml")).Plan().Merged();

    /// <summary>The same model with its neurons and heads in another order.</summary>
    MemoryCheckpoint Renumbered(bool heads = true)
    {
        var copy = new MemoryCheckpoint("renumbered");
        foreach (var (key, value) in _model.Metadata)
            copy.Metadata.Set(key, value);
        var random = new Random(5);
        foreach (var info in _model.Tensors)
            copy.Add(info.Name, _model.Open(info.Name).ToFloats());
        for (var layer = 0; layer < 2; layer++)
        {
            var neurons = Mixing.Order(Shuffled(64));
            // Two heads of keys with two queries each.
            var keys = Shuffled(2);
            var queries = Mixing.Order(keys.SelectMany(key => Shuffled(2).Select(query => key * 2 + query)).ToArray());
            Rows(layer, "ffn_gate", neurons);
            Rows(layer, "ffn_up", neurons);
            Columns(layer, "ffn_down", neurons);
            if (!heads)
                continue;
            Rows(layer, "attn_q", queries.Widened(8));
            Columns(layer, "attn_output", queries.Widened(8));
            Rows(layer, "attn_k", Mixing.Order(keys).Widened(8));
            Rows(layer, "attn_v", Mixing.Order(keys).Widened(8));
        }
        return copy;

        int[] Shuffled(int count)
        {
            int[] order = [.. Enumerable.Range(0, count)];
            random.Shuffle(order);
            return order;
        }

        void Rows(int layer, string name, Mixing order) => Change($"blk.{layer}.{name}.weight", tensor => order.OfRows(tensor.Floats.ToArray(), tensor.Columns));

        void Columns(int layer, string name, Mixing order) => Change($"blk.{layer}.{name}.weight", tensor => order.OfColumns(tensor.Floats.ToArray(), tensor.Columns));

        void Change(string name, Func<Tensor, float[]> change) => change(copy.Open(name)).CopyTo(copy.Open(name).Floats);
    }

    static IEnumerable<int[]> Permutations(int count) => count == 1 ? [[0]]
        : Permutations(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(at => (int[])[.. order[..at], count - 1, .. order[at..]]));
}
