using Brickwork.Bricks.Merge.Methods;
using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>Makes the list of tensors of a document: every tensor of the result once.</summary>
sealed class PlanBuilder
{
    readonly MergeDocument _document;
    readonly IReadOnlyDictionary<string, MergeModel> _models;
    readonly MergeOptions _options;
    readonly List<string> _faults;
    readonly List<string> _warnings;
    readonly IMergeMethod _method;
    readonly ParameterLookup _lookup;
    readonly List<PlannedTensor> _tensors = [];
    readonly List<IReadOnlyList<string>> _names = [];

    PlanBuilder(MergeDocument document, IReadOnlyDictionary<string, MergeModel> models, MergeOptions options, List<string> faults, List<string> warnings)
    {
        (_document, _models, _options, _faults, _warnings) = (document, models, options, faults, warnings);
        _method = MergeMethods.Find(document.Method)!;
        _lookup = new ParameterLookup(document, _method, faults, warnings);
    }

    /// <summary>The tensors in the order of the file.</summary>
    /// <param name="document">What is asked for.</param>
    /// <param name="models">By reference.</param>
    /// <param name="vocabulary">The tokens of the result, where models differ in them.</param>
    /// <param name="options">Dialect and strictness.</param>
    /// <param name="faults">Gets everything that does not fit.</param>
    /// <param name="warnings">Gets what changes nothing.</param>
    public static IReadOnlyList<PlannedTensor> Build(MergeDocument document, IReadOnlyDictionary<string, MergeModel> models, Vocabulary? vocabulary, MergeOptions options, List<string> faults, List<string> warnings)
    {
        var builder = new PlanBuilder(document, models, options, faults, warnings);
        if (!builder.CheckInputs())
            return [];
        var (first, last) = (document.Slices[0], document.Slices[^1]);
        builder.AddOutside(first, place => !place.IsLast, 0, vocabulary);
        var layer = 0;
        foreach (var slice in document.Slices)
        {
            var count = builder.LayersOf(slice);
            for (var offset = 0; offset < count; offset++)
                builder.AddLayer(slice, offset, layer++, count > 1 ? offset / (count - 1.0) : 1);
        }
        // mergekit gives what stands behind the layers the first value of a gradient, too.
        builder.AddOutside(last, place => place.IsLast, options.StrictCompatibility ? 0 : 1, vocabulary);
        builder._lookup.Check(builder._names);
        return builder._tensors;
    }

    MergeModel? BaseOf(MergeSlice slice) => (slice.BaseModel ?? _document.BaseModel) is { } reference ? _models[reference] : null;

    /// <summary>The inputs that are merged: all, or all but the base.</summary>
    IReadOnlyList<MergeInput> Merged(MergeSlice slice) => _method.Base == BaseUse.None ? slice.Inputs
        : [.. slice.Inputs.Where(input => _models[input.Model] != BaseOf(slice))];

    int LayersOf(MergeSlice slice) => Range(slice.Inputs[0]) is var range ? range.End - range.First : 0;

    (int First, int End) Range(MergeInput input) => input.Layers ?? (0, _models[input.Model].Layers);

    bool CheckInputs()
    {
        var before = _faults.Count;
        foreach (var slice in _document.Slices)
        {
            var count = Merged(slice).Count;
            if (_method.Base == BaseUse.Required && BaseOf(slice) is null)
                _lookup.Fault($"{_method.Name} needs a 'base_model'.");
            if (count < _method.LeastSources || count > _method.MostSources)
                _lookup.Fault($"{_method.Name} merges {Count(_method)} model(s){(_method.Base == BaseUse.Required ? " beside the base" : "")}; found {count}{(_method.Base == BaseUse.None && _document.BaseModel is not null ? ", the base among them" : "")}.");
            foreach (var input in slice.Inputs)
            {
                if (Range(input).End > _models[input.Model].Layers)
                    _lookup.Fault($"{input.Model} has {_models[input.Model].Layers} layers; 'layer_range' asks for {Range(input).First} up to {Range(input).End}.");
                if (!_document.IsWhole && input.Layers is null && _document.Slices.Count > 1)
                    _lookup.Fault($"{input.Model} in a slice needs a 'layer_range'.");
            }
            if (slice.Inputs.Select(input => Range(input).End - Range(input).First).Distinct().Skip(1).Any())
                _lookup.Fault($"the inputs of a slice have different numbers of layers: {string.Join(", ", slice.Inputs.Select(input => $"{input.Model} {Range(input).End - Range(input).First}"))}.");
            if (_document.IsWhole && BaseOf(slice) is { } origin && _method.Base == BaseUse.Required && origin.Layers != LayersOf(slice))
                _lookup.Fault($"the base {origin.Reference} has {origin.Layers} layers, the models {LayersOf(slice)}.");
        }
        foreach (var model in _models.Values)
            if (model.Architecture != _models.Values.First().Architecture)
                _lookup.Fault($"{model.Reference} is a '{model.Architecture}', {_models.Values.First().Reference} a '{_models.Values.First().Architecture}'; models that are merged are of one family.");
        return _faults.Count == before;
    }

    static string Count(IMergeMethod method) => method.MostSources == int.MaxValue ? $"at least {method.LeastSources}"
        : method.LeastSources == method.MostSources ? $"exactly {method.MostSources}" : $"{method.LeastSources} to {method.MostSources}";

    void AddOutside(MergeSlice slice, Func<TensorPlace, bool> wanted, double place, Vocabulary? vocabulary)
    {
        var donor = _models[slice.Inputs[0].Model];
        // A head of its own is made where any input has one.
        var names = slice.Inputs.SelectMany(input => _models[input.Model].Tensors.Select(tensor => tensor.Name)).Distinct(StringComparer.Ordinal);
        foreach (var name in names)
            if (TensorPlace.Of(name) is { Layer: null } own && wanted(own))
                Add(slice, name, own, 0, place, own.IsVocabulary ? vocabulary : null, (_, _) => name, donor);
    }

    void AddLayer(MergeSlice slice, int offset, int layer, double place)
    {
        var source = Range(slice.Inputs[0]).First + offset;
        var donor = _models[slice.Inputs[0].Model];
        foreach (var tensor in donor.Tensors)
            if (TensorPlace.Of(tensor.Name) is { Layer: { } own } where && own == source)
                Add(slice, TensorPlace.In(layer, where.Rest), where, layer, place, null, (model, input) => TensorPlace.In(FirstLayer(slice, model, input) + offset, where.Rest), donor);
    }

    /// <summary>The base begins where it is listed, or else where the first input begins.</summary>
    int FirstLayer(MergeSlice slice, MergeModel model, MergeInput? input) =>
        Range(input ?? slice.Inputs.FirstOrDefault(other => _models[other.Model] == model) ?? slice.Inputs[0]).First;

    void Add(MergeSlice slice, string name, TensorPlace where, int layer, double place, Vocabulary? vocabulary, Func<MergeModel, MergeInput?, string> nameIn, MergeModel donor)
    {
        IReadOnlyList<string> names = [name, .. donor.OtherNamesOf(nameIn(donor, slice.Inputs[0]), where, layer)];
        _names.Add(names);
        List<PlannedInput> inputs = [];
        foreach (var input in Merged(slice))
            if (Input(_models[input.Model], nameIn(_models[input.Model], input), name) is { } info)
                inputs.Add(new PlannedInput(_models[input.Model], info, _lookup.PerSource(slice, input, names, place)));
        var origin = _method.Base != BaseUse.None && BaseOf(slice) is { } own && Input(own, nameIn(own, null), name) is { } found ? new PlannedInput(own, found, ParameterValues.None) : null;
        if (inputs.Count == 0)
            return;
        var shared = _lookup.Shared(slice, names, place);
        var first = origin ?? inputs[0];
        if (_options.StrictCompatibility && vocabulary is null && !where.IsVocabulary)
            inputs = Fitting(first, inputs, name);
        CheckShapes(name, where, origin is null ? inputs : [origin, .. inputs], vocabulary);
        // Where no input is left to be merged, the base is what there is.
        var copied = !Holds(first.Tensor.Type) || inputs.Count == 0;
        if (!copied && inputs.Count >= _method.LeastSources && _method.Fault(shared, [.. inputs.Select(input => input.Parameters)], _options.Dialect, _options.StrictCompatibility) is { } fault)
            _lookup.Fault($"{_method.Name}: {fault}", name);
        var made = new TensorInfo(name, first.Tensor.Type, ShapeOf(first.Tensor.Shape, where, inputs, vocabulary));
        _tensors.Add(inputs.Count == 0 ? new PlannedTensor(made, null, null, [first], shared, null)
            : new PlannedTensor(made, copied ? null : _method, origin, inputs, shared, vocabulary) { Origin = origin ?? OriginOf(slice, nameIn) });
    }

    /// <summary>As mergekit does: a model whose tensor has another shape is left out of it.</summary>
    List<PlannedInput> Fitting(PlannedInput first, List<PlannedInput> inputs, string name)
    {
        foreach (var other in inputs.Where(input => input.Tensor.Shape != first.Tensor.Shape))
            _warnings.Add($"'{name}' is {other.Tensor.Shape} in {other.Model.Reference} and {first.Tensor.Shape} in {first.Model.Reference}: it is merged without {other.Model.Reference}.");
        return [.. inputs.Where(input => input.Tensor.Shape == first.Tensor.Shape)];
    }

    /// <summary>The rows of the vocabulary's rule; without one those that all have, which are fewer only where mergekit's defects are copied.</summary>
    static Shape ShapeOf(Shape first, TensorPlace where, List<PlannedInput> inputs, Vocabulary? vocabulary)
    {
        if (!where.IsVocabulary)
            return first;
        var rows = vocabulary?.Rows ?? inputs.Select(input => input.Tensor.Shape[0]).Append(first[0]).Min();
        return first.Rank == 1 ? new Shape(rows) : new Shape(rows, first.Columns);
    }

    /// <summary>The base's tensor, for methods that have no use for it.</summary>
    PlannedInput? OriginOf(MergeSlice slice, Func<MergeModel, MergeInput?, string> nameIn) =>
        BaseOf(slice) is { } own && own.Find(nameIn(own, null)) is { } info ? new PlannedInput(own, info, ParameterValues.None) : null;

    TensorInfo? Input(MergeModel model, string name, string target)
    {
        var info = model.Find(name);
        if (info is null && !_options.StrictCompatibility)
            _lookup.Fault($"{model.Reference} has no tensor '{name}', of which '{target}' is to be made.");
        if (info is { Type: var type } && !Quantizer.Supports(type) && Holds(type) && _document.OutputType is null)
            _lookup.Fault($"{model.Reference} stores '{name}' as {type}, which can be read but not written: give 'out_dtype'.");
        return info;
    }

    void CheckShapes(string name, TensorPlace place, IReadOnlyList<PlannedInput> inputs, Vocabulary? vocabulary)
    {
        var first = inputs[0];
        // Rows of tokens may come from any model, from those that are only named for single tokens, too.
        var read = vocabulary is null ? inputs.Select(input => (input.Model, input.Tensor))
            : from model in _models.Values where model.Find(name) is not null select (Model: model, Tensor: model.Find(name)!.Value);
        foreach (var (model, tensor) in read)
        {
            if (tensor.Shape != first.Tensor.Shape && !MayDifferInRows(place, vocabulary, tensor.Shape, first.Tensor.Shape))
                _lookup.Fault($"'{name}' is {tensor.Shape} in {model.Reference} and {first.Tensor.Shape} in {first.Model.Reference}; expected the same shape{(place.IsVocabulary ? ", or a rule for the vocabularies: tokenizer_source" : "")}.");
            if (vocabulary is not null && tensor.Shape[0] < model.Tokens!.Length)
                _lookup.Fault($"'{name}' is {tensor.Shape} in {model.Reference}, which has {model.Tokens.Length} tokens; expected a row for each.");
        }
    }

    /// <summary>Whether a rule says which rows are merged, or mergekit's defects are copied, which takes those that all have.</summary>
    bool MayDifferInRows(TensorPlace place, Vocabulary? vocabulary, Shape shape, Shape first) =>
        vocabulary is not null ? shape.Rank == 1 || shape.Columns == first.Columns
        : _options.StrictCompatibility && place.IsVocabulary && shape.Rank == 2 && shape.Columns == first.Columns;

    /// <summary>Whether a type holds weights; whole numbers are copied.</summary>
    static bool Holds(DType type) => type is not (DType.I8 or DType.I16 or DType.I32 or DType.I64);
}
