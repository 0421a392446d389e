using System.Globalization;
using Brickwork.Tensors.Weights;
using Brickwork.Kernels.Blocks;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Loading;

/// <summary>Hands the tensors and numbers of a checkpoint to a family, and notices what the family leaves over.</summary>
sealed class ModelBuilder(Checkpoint checkpoint, LoadOptions options)
{
    readonly HashSet<string> _used = new(StringComparer.Ordinal);
    readonly Dictionary<(string Name, int First, int Count), WeightMatrix> _matrices = [];

    public string Architecture { get; } = checkpoint.Metadata.Text("general.architecture");

    /// <summary>How positions turn queries and keys.</summary>
    public RopeBuilder Rope => field ??= new RopeBuilder(this);

    public string Source => checkpoint.Source;

    /// <summary>The layers that make the next token; those that guess the tokens after it are counted by files, but not run.</summary>
    public int Layers => checkpoint.Metadata.Int(Key("block_count")) - (TryInt("nextn_predict_layers") ?? 0);

    public int Width => checkpoint.Metadata.Int(Key("embedding_length"));

    /// <summary>Tokens the model is to see at once.</summary>
    public int Context => options.Context ?? TrainedContext;

    /// <summary>Tokens the model was trained for.</summary>
    public int TrainedContext => TryInt("context_length") ?? 2048;

    /// <summary>The keys of this architecture: <c>llama.</c> + <paramref name="name"/>.</summary>
    public string Key(string name) => $"{Architecture}.{name}";

    public int Int(string name) => checkpoint.Metadata.Int(Key(name));

    public int? TryInt(string name) => checkpoint.Metadata.TryInt(Key(name));

    public float Float(string name) => checkpoint.Metadata.Float(Key(name));

    public float? TryFloat(string name) => checkpoint.Metadata.TryFloat(Key(name));

    public bool? TryBool(string name) => checkpoint.Metadata.TryBool(Key(name));

    public string? TryText(string name) => checkpoint.Metadata.TryText(Key(name));

    public Metadata Metadata => checkpoint.Metadata;

    /// <summary>A number of one layer: an array gives one for each layer, a plain number holds for all.</summary>
    public int? TryInt(string name, int layer)
    {
        if (checkpoint.Metadata.Find(Key(name)) is not { IsArray: true })
            return TryInt(name);
        var each = checkpoint.Metadata.TryInts(Key(name))!;
        return layer < each.Length ? each[layer] : throw Faults.TooFewLayers(Key(name), Source, each.Length, Layers);
    }

    /// <summary>A number of one layer that must be there.</summary>
    public int Int(string name, int layer) => TryInt(name, layer) ?? Int(name);

    public bool Has(string name) => checkpoint.Contains(name);

    /// <summary>A tensor as stored.</summary>
    public Tensor Tensor(string name)
    {
        _used.Add(name);
        return checkpoint.Open(name);
    }

    /// <summary>A tensor as stored, which must have this shape.</summary>
    public Tensor Tensor(string name, params ReadOnlySpan<long> expected)
    {
        var tensor = Tensor(name);
        var shape = new Shape(expected);
        return tensor.Shape == shape || (tensor.Shape.Count == shape.Count && tensor.Columns == shape.Columns)
            ? tensor.Reshape(expected)
            : throw Faults.WrongShape(name, Source, tensor.Shape, shape);
    }

    /// <summary>A small tensor as F32 values of its own, whatever it is stored as.</summary>
    public Tensor Values(string name)
    {
        var stored = Tensor(name);
        if (stored.Type == DType.F32)
            return stored;
        var values = Brickwork.Tensor.Zeros([.. Enumerable.Range(0, stored.Shape.Rank).Select(index => stored.Shape[index])]);
        Dequantizer.Run(stored.Type, stored.RowSpan(0, stored.Rows), values.Floats);
        return values;
    }

    /// <summary>A small tensor as F32 values, or null where the file has none of that name.</summary>
    public Tensor? TryValues(string name) => Has(name) ? Values(name) : null;

    /// <summary>The projection <c>stem.weight</c> with <c>stem.bias</c> where the file has one.</summary>
    public Linear Linear(string stem, int? outputs = null, int? inputs = null)
    {
        var weight = Tensor(stem + ".weight");
        Check(stem + ".weight", weight, outputs, inputs);
        return new Linear(Matrix(stem + ".weight", weight, 0, weight.Rows)) { Bias = TryValues(stem + ".bias") };
    }

    /// <summary>Rows <paramref name="first"/> … of the projection <c>stem.weight</c>, where one tensor holds several projections.</summary>
    public Linear LinearRows(string stem, int first, int count, int? inputs = null)
    {
        var weight = Tensor(stem + ".weight");
        Check(stem + ".weight", weight, null, inputs);
        if (first + count > weight.Rows)
            throw Faults.WrongShape(stem + ".weight", Source, weight.Shape, new Shape(first + count, weight.Columns));
        var bias = TryValues(stem + ".bias");
        return new Linear(Matrix(stem + ".weight", weight, first, count)) { Bias = bias?.Reshape(bias.Value.Shape.Count, 1).SliceRows(first, count).Reshape(count) };
    }

    /// <summary>A matrix that several parts may share.</summary>
    public WeightMatrix Matrix(string name, Tensor weight, int first, int count)
    {
        if (!_matrices.TryGetValue((name, first, count), out var matrix))
            _matrices[(name, first, count)] = matrix = new WeightMatrix(weight.SliceRows(first, count));
        return matrix;
    }

    public RmsNorm RmsNorm(string stem) => new(Values(stem + ".weight"), Epsilon);

    public LayerNorm LayerNorm(string stem) => new(Values(stem + ".weight"), TryValues(stem + ".bias"), LayerEpsilon);

    public float Epsilon => TryFloat("attention.layer_norm_rms_epsilon") ?? 1e-5f;

    public float LayerEpsilon => TryFloat("attention.layer_norm_epsilon") ?? 1e-5f;

    /// <summary>Says that the family knows this tensor and does without it.</summary>
    public void Ignore(string name) => _used.Add(name);

    /// <exception cref="UnsupportedModelException">The file holds tensors that the family did not ask for.</exception>
    public void CheckNothingIsLeft()
    {
        var left = checkpoint.Tensors.Select(tensor => tensor.Name).Where(name => !_used.Contains(name) && !IsOfGuessingLayer(name)).ToList();
        if (left.Count > 0)
            throw Faults.LeftOver(left, Architecture, Source);
    }

    bool IsOfGuessingLayer(string name) =>
        name.Split('.') is ["blk", var layer, ..] && int.TryParse(layer, CultureInfo.InvariantCulture, out var index)
        && index >= Layers && index < checkpoint.Metadata.Int(Key("block_count"));

    void Check(string name, Tensor weight, int? outputs, int? inputs)
    {
        if ((outputs ?? weight.Rows) != weight.Rows || (inputs ?? weight.Columns) != weight.Columns)
            throw Faults.WrongShape(name, Source, weight.Shape, new Shape(outputs ?? weight.Rows, inputs ?? weight.Columns));
    }
}
