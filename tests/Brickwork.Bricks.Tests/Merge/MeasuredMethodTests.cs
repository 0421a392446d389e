using Brickwork.Bricks.Merge.Preparing;
using Brickwork.Tensors.LinearAlgebra;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>What Fisher and RegMean measure of models, found another way.</summary>
public sealed class MeasuredMethodTests : IDisposable
{
    const string Recipe = "parameters: {data: text.txt, examples: 3, window: 9FLOOR}\nmodels: [a.gguf, {model: b.gguf, parameters: {weight: 2}}]";

    readonly TemporaryFolder _folder = new();

    public MeasuredMethodTests()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 1), _folder.File("a.gguf"));
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 2), _folder.File("b.gguf"));
        _folder.Write("text.txt", "The old man went to the sea, and the sea was calm. He said nothing, and nobody asked him.");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fisher_weighs_by_the_mean_square_of_the_gradients_of_its_windows()
    {
        using var merged = Merge("fisher", ", floor: 0.0001");
        foreach (var name in (string[])["blk.0.attn_q.weight", "blk.1.ffn_down.weight", "output_norm.weight"])
        {
            var ((a, squaresOfA), (b, squaresOfB)) = (Squares("a.gguf", name), Squares("b.gguf", name));
            var expected = new float[a.Length];
            for (var i = 0; i < a.Length; i++)
            {
                var (first, second) = (Math.Max(1e-4, squaresOfA[i]), 2 * Math.Max(1e-4, squaresOfB[i]));
                expected[i] = (float)((first * a[i] + second * b[i]) / (first + second));
            }
            squaresOfA.Count(square => square > 1e-4).ShouldBeGreaterThan(a.Length / 20, name);

            ((ReadOnlySpan<float>)merged.Open(name).Floats).ShouldBeClose(expected, new Tolerance(1e-6, 1e-5, "gradients in F32"), name);
        }
    }

    [Fact]
    public void Regmean_takes_the_products_of_what_goes_into_a_projection()
    {
        const string Name = "blk.0.attn_q.weight";
        using var merged = Merge("regmean", "");
        // Into the first layer go normed embeddings.
        var (all, sums) = (new Matrix(PicoModel.Width, PicoModel.Width), new Matrix(PicoModel.Width, PicoModel.Width));
        foreach (var (file, weight) in ((string, double)[])[("a.gguf", 1), ("b.gguf", 2)])
        {
            using var model = LanguageModel.Load(_folder.File(file));
            var rows = Windows(model).SelectMany(window => window).Select(token => Normed(model, token)).ToArray();
            var inputs = Matrix.Of(rows.Length, PicoModel.Width, (row, column) => rows[row][column]);
            var gram = (inputs.Transposed() * inputs).Map((row, column, value) => weight * value * (row == column ? 1 : .6));
            var weights = model.Checkpoint.Open(Name);
            all += gram;
            sums += gram * Matrix.From(weights).Transposed();
        }

        var expected = Cholesky.Of(all.Symmetrized()).Solve(sums);

        var made = Matrix.From(merged.Open(Name)).Transposed();
        for (var i = 0; i < expected.Values.Length; i++)
            made.Values[i].ShouldBe(expected.Values[i], 1e-4);
    }

    (float[] Values, double[] Squares) Squares(string file, string name)
    {
        using var model = LanguageModel.Load(_folder.File(file), new LoadOptions { Precision = Precision.Exact });
        using var trained = TrainableModel.From(model);
        var windows = Windows(model);
        windows.Count.ShouldBe(3);
        var parameter = trained.Parameters.Single(parameter => parameter.Name == name);
        var squares = new double[parameter.Gradient.Floats.Length];
        foreach (var window in windows)
        {
            trained.ClearGradients();
            trained.Accumulate(new TokenBatch(window[..^1], window[1..], [window.Length - 1]), 1);
            for (var i = 0; i < squares.Length; i++)
                squares[i] += (double)parameter.Gradient.Floats[i] * parameter.Gradient.Floats[i] / windows.Count;
        }
        return (model.Checkpoint.Open(name).Floats.ToArray(), squares);
    }

    IReadOnlyList<int[]> Windows(LanguageModel model) => MergeTexts.Windows(model, _folder.File("text.txt"), 3, 9);

    static double[] Normed(LanguageModel model, int token)
    {
        var (row, gain) = (model.Checkpoint.Open("token_embd.weight").Row(token).ToArray(), model.Checkpoint.Open("blk.0.attn_norm.weight").Floats.ToArray());
        var scale = 1 / Math.Sqrt(row.Average(value => (double)value * value) + 1e-5);
        return [.. row.Zip(gain, (value, factor) => value * scale * factor)];
    }

    Checkpoint Merge(string method, string more) => MergeRecipe.Parse($"merge_method: {method}\n{Recipe.Replace("FLOOR", more, StringComparison.Ordinal)}", _folder.File("recipe.yml")).Plan().Merged();
}
