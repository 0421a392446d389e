namespace Brickwork.Models.Conversion;

/// <summary>The storage type each tensor of a model is to have.</summary>
sealed class TypePlan
{
    const string FileTypeKey = "general.file_type";

    readonly QuantizationMix? _mix;
    readonly MixContext _model;
    readonly bool _toGguf;
    readonly List<TensorInfo> _fallbacks = [];

    TypePlan(QuantizationMix? mix, MixContext model, bool toGguf) => (_mix, _model, _toGguf) = (mix, model, toGguf);

    /// <summary>Tensors that could not have the type they should have.</summary>
    public IReadOnlyList<TensorInfo> Fallbacks => _fallbacks;

    /// <exception cref="UnsupportedModelException">The type is not known, or not one of a Hugging Face folder.</exception>
    public static TypePlan Of(Checkpoint source, string? type, bool toGguf)
    {
        var mix = type is null ? null : QuantizationMix.Parse(type);
        if (!toGguf && mix is { Main: var main } && !main.IsPlain())
            throw new UnsupportedModelException($"A Hugging Face folder holds plain types; found {mix.Name}, expected F32, F16 or BF16.", "Choose one of these, or a target that ends in .gguf.");
        return new TypePlan(mix, MixContext.Of(source), toGguf);
    }

    /// <summary>The tensor as it will be.</summary>
    public TensorInfo Apply(TensorInfo tensor)
    {
        if (_mix is null)
            return _toGguf || tensor.Type.IsPlain() ? tensor : tensor with { Type = DType.F16 };
        var wanted = _mix.TypeFor(tensor, _model);
        // Integers are no weights, and what is exact already need not grow.
        if (tensor.Type is DType.I8 or DType.I16 or DType.I32 or DType.I64)
            return tensor;
        var result = tensor with { Type = QuantizationMix.Fitting(wanted, tensor.Shape.Columns) };
        if (result.Type != wanted && !_fallbacks.Exists(other => other.Name == tensor.Name))
            _fallbacks.Add(result);
        return result;
    }

    /// <summary>The metadata with the number of the new type.</summary>
    public Metadata Metadata(Metadata source)
    {
        var result = new Metadata(source.Source);
        foreach (var (key, value) in source)
            result.Set(key, value);
        if (_mix is null)
            return result;
        result.Set(FileTypeKey, _mix.FileType);
        if (!_mix.Main.IsPlain())
            result.Set("general.quantization_version", 2u);
        return result;
    }
}
