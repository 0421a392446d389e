namespace Brickwork.Formats.Reading;

/// <summary>Turns dimensions that a file claims into a shape, or says why they cannot be one.</summary>
static class CheckedShape
{
    /// <summary>The shape, slowest dimension first, and the bytes it takes; otherwise <paramref name="fault"/> ends the sentence "the shape is …".</summary>
    public static bool TryCreate(ReadOnlySpan<ulong> dimensions, DType type, out Shape shape, out long bytes, out string fault)
    {
        shape = default;
        bytes = 0;
        fault = "";
        Span<long> lengths = stackalloc long[dimensions.Length];
        Int128 count = 1;
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (dimensions[i] > int.MaxValue)
                fault = $"{Describe(dimensions)}, where no dimension may exceed {int.MaxValue}";
            lengths[i] = (long)dimensions[i];
            // Multiplied up to the first overflow only, because a later zero would hide it.
            count = count > long.MaxValue ? count : count * dimensions[i];
        }
        var columns = lengths[^1];
        if (fault.Length > 0)
            return false;
        if (count > long.MaxValue || (columns > 0 && count / columns > int.MaxValue))
            fault = $"{Describe(dimensions)}, which is too many values";
        else if (columns % type.BlockLength() != 0)
            fault = $"{Describe(dimensions)}, where {columns} columns are not a whole number of {type} blocks of {type.BlockLength()}";
        else if (count / type.BlockLength() * type.BlockBytes() is var size && size > long.MaxValue)
            fault = $"{Describe(dimensions)}, which is too many bytes";
        else
        {
            shape = new Shape(lengths);
            bytes = (long)size;
        }
        return fault.Length == 0;
    }

    public static string Describe(ReadOnlySpan<ulong> dimensions) => $"[{string.Join(", ", dimensions.ToArray())}]";
}
