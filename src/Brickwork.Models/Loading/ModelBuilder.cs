using System.Globalization;
using Brickwork.Tensors.Weights;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Loading;

/// <summary>Hands the tensors and numbers of a checkpoint to a family, and notices what the family leaves over.</summary>
sealed partial class ModelBuilder(Checkpoint checkpoint, LoadOptions options)
{
    readonly HashSet<string> _used = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _found = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _missing = new(StringComparer.Ordinal);
    readonly Dictionary<(string Name, int First, int Count), WeightMatrix> _matrices = [];

    public string Architecture { get; } = checkpoint.Metadata.Text("general.architecture");

    /// <summary>How positions turn queries and keys.</summary>
    public RopeBuilder Rope => field ??= new RopeBuilder(this);

    public string Source => checkpoint.Source;

    public Metadata Metadata => checkpoint.Metadata;

    public bool Has(string name) => checkpoint.Contains(name);

    /// <summary>The same for a tensor that all layers of a kind have, or none.</summary>
    public bool HasInLayer(string name)
    {
        var present = Has(name);
        if (name.Split('.', 3) is ["blk", _, var inLayer])
            (present ? _found : _missing).TryAdd(inLayer, name);
        return present;
    }

    /// <summary>A tensor as stored.</summary>
    public Tensor Tensor(string name)
    {
        _used.Add(name);
        var tensor = checkpoint.Open(name);
        return tensor.Type is DType.I8 or DType.I16 or DType.I32 or DType.I64 ? throw Faults.NotWeights(name, Source, tensor.Type) : tensor;
    }

    /// <summary>One row of the model's width for each of several things, such as tokens.</summary>
    public Tensor Table(string name)
    {
        var table = Tensor(name);
        return table.Shape.Rank == 2 && table.Columns == Width && table.Rows > 0 ? table
            : throw Faults.WrongShape(name, Source, table.Shape, Math.Max(1, table.Rows), Width);
    }

    /// <summary>A tensor as stored, which must have this shape.</summary>
    public Tensor Tensor(string name, params ReadOnlySpan<long> expected) => Shaped(name, Tensor(name), expected);

    /// <summary>A small tensor as F32 values, which must have this shape.</summary>
    public Tensor Values(string name, params ReadOnlySpan<long> expected) => Shaped(name, Values(name), expected);

    /// <summary>The same where the file may have none of that name.</summary>
    public Tensor? TryValues(string name, params ReadOnlySpan<long> expected) => HasInLayer(name) ? Values(name, expected) : null;

    /// <summary>A small tensor as F32 values of its own, whatever it is stored as.</summary>
    public Tensor Values(string name)
    {
        var stored = Tensor(name);
        return stored.Type == DType.F32 ? stored : stored.ToFloats();
    }

    /// <summary>A small tensor as F32 values, or null where the file has none of that name.</summary>
    public Tensor? TryValues(string name) => HasInLayer(name) ? Values(name) : null;

    /// <summary>The projection <c>stem.weight</c> with <c>stem.bias</c> where the file has one.</summary>
    public Linear Linear(string stem, int? outputs = null, int? inputs = null)
    {
        var weight = Tensor(stem + ".weight");
        Check(stem + ".weight", weight, outputs, inputs);
        return Linear(stem + ".weight", weight, 0, weight.Rows) with { Bias = TryValues(stem + ".bias", weight.Rows) };
    }

    /// <summary>Rows <paramref name="first"/> … of the projection <c>stem.weight</c>, where one tensor holds several projections.</summary>
    public Linear LinearRows(string stem, int first, int count, int? inputs = null)
    {
        var weight = Tensor(stem + ".weight");
        Check(stem + ".weight", weight, null, inputs);
        if (first < 0 || count < 1 || (long)first + count > weight.Rows)
            throw Faults.WrongShape(stem + ".weight", Source, weight.Shape, (long)first + count, weight.Columns);
        var bias = TryValues(stem + ".bias", weight.Rows);
        return Linear(stem + ".weight", weight, first, count) with { Bias = bias?.Reshape(weight.Rows, 1).SliceRows(first, count).Reshape(count) };
    }

    /// <summary>Checks that a tensor which holds several projections holds nothing else.</summary>
    public void RequireRows(string name, long rows)
    {
        if (Tensor(name) is var tensor && tensor.Rows != rows)
            throw Faults.WrongShape(name, Source, tensor.Shape, rows, tensor.Columns);
    }

    /// <summary>A projection of some rows of a tensor, without bias.</summary>
    public Linear Linear(string name, Tensor weight, int first, int count) =>
        new(Matrix(name, weight, first, count)) { Origin = new WeightOrigin(name, first) };

    /// <summary>A matrix that several parts may share.</summary>
    WeightMatrix Matrix(string name, Tensor weight, int first, int count)
    {
        if (!_matrices.TryGetValue((name, first, count), out var matrix))
            _matrices[(name, first, count)] = matrix = new WeightMatrix(weight.SliceRows(first, count));
        return matrix;
    }

    /// <summary>A norm of rows of <paramref name="width"/> values; null = the model's width.</summary>
    public RmsNorm RmsNorm(string stem, int? width = null) => new(Values(stem + ".weight", width ?? Width), Epsilon);

    /// <summary>The same with a mean and perhaps a bias.</summary>
    public LayerNorm LayerNorm(string stem) => new(Values(stem + ".weight", Width), TryValues(stem + ".bias", Width), LayerEpsilon);

    /// <summary>Says that the family knows this tensor and does without it.</summary>
    public void Ignore(string name) => _used.Add(name);

    /// <exception cref="CheckpointException">Some layers lack what others of their kind have.</exception>
    /// <exception cref="UnsupportedModelException">The file holds tensors that the family did not ask for.</exception>
    public void CheckNothingIsLeft()
    {
        foreach (var (inLayer, found) in _found)
            if (_missing.TryGetValue(inLayer, out var missing))
                throw Faults.MissingInSome(missing, found, Source);
        var left = checkpoint.Tensors.Select(tensor => tensor.Name).Where(name => !_used.Contains(name) && !IsOfGuessingLayer(name)).ToList();
        if (left.Count > 0)
            throw Faults.LeftOver(left, Architecture, Source);
    }

    bool IsOfGuessingLayer(string name) =>
        name.Split('.') is ["blk", var layer, ..] && int.TryParse(layer, CultureInfo.InvariantCulture, out var index)
        && index >= Layers && index < Blocks;

    void Check(string name, Tensor weight, int? outputs, int? inputs)
    {
        if ((outputs ?? weight.Rows) != weight.Rows || (inputs ?? weight.Columns) != weight.Columns || weight.Rows == 0)
            throw Faults.WrongShape(name, Source, weight.Shape, outputs ?? Math.Max(1, weight.Rows), inputs ?? weight.Columns);
    }

    Tensor Shaped(string name, Tensor tensor, ReadOnlySpan<long> expected)
    {
        var count = UInt128.One;
        foreach (var length in expected)
            count *= (UInt128)Math.Max(0, length);
        if (count == 0 || (UInt128)tensor.Shape.Count != count || (tensor.Columns != expected[^1] && tensor.Columns != 1 && expected[^1] != 1))
            throw Faults.WrongShape(name, Source, tensor.Shape, expected);
        return tensor.Reshape(expected);
    }
}
