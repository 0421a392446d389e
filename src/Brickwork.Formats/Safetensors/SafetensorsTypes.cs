namespace Brickwork.Formats.Safetensors;

/// <summary>The names under which safetensors knows the storage types.</summary>
static class SafetensorsTypes
{
    /// <summary>The type of that name. Bytes and truth values are presented as <see cref="DType.I8"/>, bits unchanged.</summary>
    public static bool TryGet(string name, out DType type)
    {
        DType? found = name switch
        {
            "F64" => DType.F64,
            "F32" => DType.F32,
            "F16" => DType.F16,
            "BF16" => DType.BF16,
            "I64" => DType.I64,
            "I32" => DType.I32,
            "I16" => DType.I16,
            "I8" or "U8" or "BOOL" => DType.I8,
            _ => null,
        };
        type = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary>The name of a type.</summary>
    /// <exception cref="UnsupportedModelException">It is a quantized type, which safetensors does not have.</exception>
    public static string NameOf(TensorInfo tensor) => tensor.Type.IsPlain() ? tensor.Type.ToString() : throw new UnsupportedModelException(
        $"Tensor '{tensor.Name}' is stored as {tensor.Type}; safetensors has plain types only.", "Dequantize to F16 or BF16 first, or write GGUF.");
}
