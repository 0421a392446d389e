using Brickwork.Bricks.Merge.Planning;
using Brickwork.Tensors.LinearAlgebra;
using Brickwork.Tensors.Operations;

namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>XᵀX of what goes into every projection that is a tensor by itself.</summary>
sealed class InputGrams(PreparationInputs inputs) : Measurement<Matrix>(inputs)
{
    public override long Bytes => Inputs.Models.Sum(model => model.Tensors.Where(tensor => tensor.Shape.Rank == 2 && Leader(tensor.Name) == tensor.Name)
        .Sum(tensor => (long)tensor.Shape.Columns * tensor.Shape.Columns * sizeof(double)));

    protected override IReadOnlyDictionary<string, Matrix> Measure(LanguageModel model, IReadOnlyList<int[]> windows)
    {
        var grams = new Dictionary<string, Matrix>(StringComparer.Ordinal);
        WatchedRun.OverProjections(model, windows, name =>
        {
            if (Leader(name) != name || model.Checkpoint.Open(name).Shape.Rank != 2 || name == TensorPlace.Embedding)
                return null;
            var columns = model.Checkpoint.Open(name).Columns;
            var (sums, window) = (grams[name] = new Matrix(columns, columns), Tensor.Zeros(columns, columns));
            return rows =>
            {
                // Of a window in F32, of all of them in double.
                Gemm.Run(model.Compute, Transposes.First, rows, rows, window);
                for (var i = 0; i < sums.Values.Length; i++)
                    sums.Values[i] += window.Floats[i];
            };
        }, Inputs.Options.CancellationToken);
        return grams;
    }

    protected override string NameOf(PlannedInput input) => Leader(input.Tensor.Name);

    protected override MergeSource With(MergeSource source, Matrix? measured) => source with { Gram = measured };

    /// <summary>Of projections that take the same rows, the one that speaks for all.</summary>
    static string Leader(string name) => TensorPlace.Of(name) is not { Layer: { } layer } place ? name : place.Rest switch
    {
        "attn_k.weight" or "attn_v.weight" => TensorPlace.In(layer, "attn_q.weight"),
        "ffn_gate.weight" => TensorPlace.In(layer, "ffn_up.weight"),
        _ => name,
    };
}
