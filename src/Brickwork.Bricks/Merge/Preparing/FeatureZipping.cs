using Brickwork.Bricks.Merge.Planning;
using Brickwork.Tensors.LinearAlgebra;
using Brickwork.Tensors.Operations;

namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>Merges the neurons of all inputs that go up and down together over a text, be they of two models or of one (ZipIt, Stoica et al. 2024).</summary>
/// <remarks>
/// Features are the hidden values of feed-forward parts; the width between layers and the heads are paired as they stand. A new neuron is
/// the mean of its members' rows, and what they gave is taken from it for each of them. Each layer runs every model over the text once.
/// </remarks>
sealed class FeatureZipping(PreparationInputs inputs) : Alignment(inputs)
{
    const string Down = "ffn_down.weight";

    public override long Bytes
    {
        get
        {
            var side = Inputs.Models.Count * Inputs.Models.SelectMany(model => model.Tensors)
                .Where(tensor => tensor.Name.EndsWith(Down, StringComparison.Ordinal)).Select(tensor => (long)tensor.Shape.Columns).DefaultIfEmpty(0).Max();
            return side * side * (2 * sizeof(double) + sizeof(float));
        }
    }

    protected override IReadOnlyList<IReadOnlyDictionary<LayerAxis, Mixing>> Align(IReadOnlyList<LayerTensors> layers)
    {
        var (count, shared) = (layers.Count, layers[0].Shared);
        var correlations = Correlations(layers, out var features);
        var groups = new ZipMatching(correlations, count, features, shared["alpha"], shared["beta"]).Run();
        return
        [
            .. Enumerable.Range(0, count).Select(model => new Dictionary<LayerAxis, Mixing>
            {
                // The mean over models that follows divides by their number.
                [LayerAxis.Neurons] = new(
                    [.. groups.Select(group => (int[])[.. group.Where(feature => feature / features == model).Select(feature => feature % features)])],
                    [.. groups.Select(group => (double)count / group.Count)]),
            }),
        ];
    }

    /// <summary>Of every hidden value of any model with every other, over one text.</summary>
    Matrix Correlations(IReadOnlyList<LayerTensors> layers, out int features)
    {
        var opened = layers.Select(layer => LanguageModel.From(layer.Model.Reopen(), new LoadOptions { Threads = Inputs.Options.Threads, InstructionSet = Inputs.Options.InstructionSet, Precision = Precision.Exact })).ToList();
        try
        {
            var name = TensorPlace.In(layers[0].Layer, Down);
            features = opened[0].Checkpoint.Open(name).Columns;
            var moments = new Moments(opened[0].Compute, layers.Count, features);
            foreach (var window in MergeTexts.Windows(opened[0], Inputs.Texts[layers[0].Model], (int)layers[0].Shared[MeasuredOn.Examples], (int)layers[0].Shared[MeasuredOn.Window]))
            {
                for (var model = 0; model < opened.Count; model++)
                {
                    var (index, own) = (model, TensorPlace.In(layers[model].Layer, Down));
                    WatchedRun.OverProjections(opened[model], [window], tensor => tensor == own ? rows => moments.Take(index, rows) : null, Inputs.Options.CancellationToken);
                }
                moments.Add();
            }
            return moments.Correlations();
        }
        finally
        {
            opened.ForEach(model => model.Dispose());
        }
    }

    /// <summary>Sums over a text of what all models give at once.</summary>
    sealed class Moments(Compute compute, int models, int features)
    {
        readonly Matrix _products = new(models * features, models * features);
        readonly double[] _sums = new double[models * features];
        Tensor _rows = Tensor.Zeros(1, 1);
        long _count;

        public void Take(int model, Tensor rows)
        {
            if (model == 0)
                _rows = Tensor.Zeros(rows.Rows, models * features);
            for (var row = 0; row < rows.Rows; row++)
                rows.Row(row).CopyTo(_rows.Row(row)[(model * features)..]);
        }

        public void Add()
        {
            var window = Tensor.Zeros(_products.Rows, _products.Columns);
            Gemm.Run(compute, Transposes.First, _rows, _rows, window);
            for (var i = 0; i < _products.Values.Length; i++)
                _products.Values[i] += window.Floats[i];
            for (var row = 0; row < _rows.Rows; row++)
                for (var feature = 0; feature < _sums.Length; feature++)
                    _sums[feature] += _rows.Row(row)[feature];
            _count += _rows.Rows;
        }

        public Matrix Correlations()
        {
            double[] spread = [.. _sums.Select((sum, i) => Math.Sqrt(Math.Max(0, _products[i, i] / _count - sum / _count * (sum / _count))))];
            return _products.Map((i, j, product) => spread[i] * spread[j] > 0 ? (product / _count - _sums[i] / _count * (_sums[j] / _count)) / (spread[i] * spread[j]) : 0);
        }
    }
}
