namespace Brickwork;

/// <summary>How the values of a tensor are stored. Quantized types store rows as blocks; see <see cref="DTypes"/>.</summary>
public enum DType
{
#pragma warning disable CS1591 // the names are the documentation: they are the field's own names of the storage types
    F32, F16, BF16, F64, I8, I16, I32, I64,
    Q4_0, Q4_1, Q5_0, Q5_1, Q8_0,
    Q2_K, Q3_K, Q4_K, Q5_K, Q6_K,
    IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ4_NL, IQ4_XS,
    TQ1_0, TQ2_0, MXFP4, NVFP4,
#pragma warning restore CS1591
}

/// <summary>Sizes of the storage types.</summary>
public static class DTypes
{
    /// <summary>Values in one block; 1 for plain types.</summary>
    public static int BlockLength(this DType type) => type switch
    {
        <= DType.I64 => 1,
        <= DType.Q8_0 or DType.IQ4_NL or DType.MXFP4 => 32,
        DType.NVFP4 => 64,
        _ => 256,
    };

    /// <summary>Bytes of one block.</summary>
    public static int BlockBytes(this DType type) => type switch
    {
        DType.I8 => 1,
        DType.F16 or DType.BF16 or DType.I16 => 2,
        DType.F32 or DType.I32 => 4,
        DType.F64 or DType.I64 => 8,
        DType.Q4_0 or DType.IQ4_NL => 18,
        DType.Q4_1 => 20,
        DType.Q5_0 => 22,
        DType.Q5_1 => 24,
        DType.Q8_0 => 34,
        DType.Q2_K => 84,
        DType.Q3_K or DType.IQ3_S => 110,
        DType.Q4_K => 144,
        DType.Q5_K => 176,
        DType.Q6_K => 210,
        DType.IQ1_S => 50,
        DType.IQ1_M => 56,
        DType.IQ2_XXS or DType.TQ2_0 => 66,
        DType.IQ2_XS => 74,
        DType.IQ2_S => 82,
        DType.IQ3_XXS => 98,
        DType.IQ4_XS => 136,
        DType.TQ1_0 => 54,
        DType.MXFP4 => 17,
        DType.NVFP4 => 36,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This storage type has no size."),
    };

    /// <summary>Bytes of a row of <paramref name="columns"/> values, which must be whole blocks.</summary>
    public static long RowBytes(this DType type, long columns)
    {
        var length = type.BlockLength();
        if (columns % length != 0)
            throw new ArgumentException($"A row of {columns} values is not a whole number of {type} blocks of {length}.", nameof(columns));
        return checked(columns / length * type.BlockBytes());
    }

    /// <summary>Whether a value is stored by itself, not in a block with others.</summary>
    public static bool IsPlain(this DType type) => type.BlockLength() == 1;
}
