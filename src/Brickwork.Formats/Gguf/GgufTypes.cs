namespace Brickwork.Formats.Gguf;

/// <summary>The numbers under which GGUF knows the storage types.</summary>
static class GgufTypes
{
    static readonly (int Id, DType Type)[] Table =
    [
        (0, DType.F32), (1, DType.F16), (2, DType.Q4_0), (3, DType.Q4_1), (6, DType.Q5_0), (7, DType.Q5_1), (8, DType.Q8_0),
        (10, DType.Q2_K), (11, DType.Q3_K), (12, DType.Q4_K), (13, DType.Q5_K), (14, DType.Q6_K),
        (16, DType.IQ2_XXS), (17, DType.IQ2_XS), (18, DType.IQ3_XXS), (19, DType.IQ1_S), (20, DType.IQ4_NL), (21, DType.IQ3_S),
        (22, DType.IQ2_S), (23, DType.IQ4_XS), (24, DType.I8), (25, DType.I16), (26, DType.I32), (27, DType.I64), (28, DType.F64),
        (29, DType.IQ1_M), (30, DType.BF16), (34, DType.TQ1_0), (35, DType.TQ2_0), (39, DType.MXFP4), (40, DType.NVFP4),
    ];

    // Types that files once had, or that never stand in files; named so that the error can say what they are.
    static readonly Dictionary<uint, string> Unread = new()
    {
        [4] = "Q4_2", [5] = "Q4_3", [9] = "Q8_1", [15] = "Q8_K", [31] = "Q4_0_4_4", [32] = "Q4_0_4_8", [33] = "Q4_0_8_8",
        [36] = "IQ4_NL_4_4", [37] = "IQ4_NL_4_8", [38] = "IQ4_NL_8_8",
    };

    static readonly Dictionary<uint, DType> ById = Table.ToDictionary(row => (uint)row.Id, row => row.Type);
    static readonly Dictionary<DType, uint> ByType = Table.ToDictionary(row => row.Type, row => (uint)row.Id);

    public static bool TryGet(uint id, out DType type) => ById.TryGetValue(id, out type);

    public static uint IdOf(DType type) => ByType[type];

    /// <summary>What to call an id that <see cref="TryGet"/> does not know.</summary>
    public static string Describe(uint id) => Unread.TryGetValue(id, out var name) ? $"{name} (type {id})" : $"type {id}";
}
