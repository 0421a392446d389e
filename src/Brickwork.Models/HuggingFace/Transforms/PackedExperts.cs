namespace Brickwork.Models.HuggingFace.Transforms;

/// <summary>Experts as gpt-oss publishes them: MXFP4 with nibbles and exponents in tensors of their own. The bits stay, their order changes.</summary>
/// <remarks>A byte holds neighbours there, and values 16 apart in GGUF. E experts, R rows, G groups of 32 values.</remarks>
/// <param name="parts">2 where every other row belongs to the gate, 1 otherwise.</param>
sealed class PackedExperts(int parts) : TensorTransform
{
    const int GroupBytes = 16;
    const int GroupValues = 32;

    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var (blocks, scales) = (sources[0].Info.Shape, sources[1].Info.Shape);
        if (blocks.Rank != 4 || blocks[3] != GroupBytes || scales.Rank != 3 || scales.Count * GroupBytes != blocks.Count || blocks[1] % parts != 0
            || sources.Any(source => source.Info.Type != DType.I8))
            throw WrongShape(sources[0], model, $"bytes [E, R, G, {GroupBytes}], with '{sources[1].Info.Name}' [E, R, G]");
        var (experts, rows, groups) = ((int)blocks[0], (int)blocks[1] / parts, (int)blocks[2]);
        return rule.Canonical.Select((name, part) =>
        {
            var info = new TensorInfo(name, DType.MXFP4, new Shape(experts, rows, (long)groups * GroupValues));
            return new TensorRecipe(info, false, () =>
            {
                var nibbles = sources[0].Open().Reshape((long)experts * rows * parts, (long)groups * GroupBytes);
                var exponents = sources[1].Open().Reshape((long)experts * rows * parts, groups);
                var result = Tensor.Zeros(DType.MXFP4, experts, rows, (long)groups * GroupValues);
                for (var row = 0; row < result.Rows; row++)
                    Pack(nibbles.RowSpan(row * parts + part, 1), exponents.RowSpan(row * parts + part, 1), result.RowSpan(row, 1));
                return result;
            });
        });
    }

    /// <summary>Not reached: experts are written as plain values.</summary>
    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model) =>
        throw new NotSupportedException("Hugging Face's packed experts are read, not written.");

    internal static void Pack(ReadOnlySpan<byte> nibbles, ReadOnlySpan<byte> exponents, Span<byte> blocks)
    {
        for (var group = 0; group < exponents.Length; group++)
        {
            var from = nibbles.Slice(group * GroupBytes, GroupBytes);
            var to = blocks.Slice(group * (GroupBytes + 1), GroupBytes + 1);
            to[0] = exponents[group];
            for (var index = 0; index < GroupBytes; index++)
                to[1 + index] = (byte)(Nibble(from, index) | Nibble(from, index + GroupBytes) << 4);
        }
    }

    static int Nibble(ReadOnlySpan<byte> bytes, int index) => bytes[index / 2] >> (index % 2 * 4) & 0xF;
}
