namespace Brickwork.Kernels.Blocks;

/// <summary>A storage format: how a fixed number of values lies in a fixed number of bytes.</summary>
interface IBlockFormat
{
    /// <summary>The storage type, which knows the sizes of a block.</summary>
    static abstract DType Type { get; }

    /// <summary>Reads one block in plain loops: the specification of the format.</summary>
    static abstract void Dequantize(ReadOnlySpan<byte> block, Span<float> values);
}

/// <summary>A format that is also read with vectors, giving the same bits.</summary>
interface IVectorFormat : IBlockFormat
{
    /// <summary>Reads one block, sixteen values at a time.</summary>
    static abstract void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values);
}

/// <summary>A format that can be written.</summary>
interface IWritableFormat : IBlockFormat
{
    /// <summary>Writes one block. The importance of each value is empty or as long as the values.</summary>
    static abstract void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block);
}
