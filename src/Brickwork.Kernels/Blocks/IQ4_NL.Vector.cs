using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct IQ4_NL
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values) =>
        ReadLevelsVector(block[Quants..], Vector128.Create(Levels), HalfConversion.Read(block, 0), values);

    /// <summary>32 values from sixteen bytes of numbers of the given levels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadLevelsVector(ReadOnlySpan<byte> numbers, Vector128<sbyte> levels, float scale, Span<float> values)
    {
        var packed = Vector128.Create(numbers);
        SixteenLanes.Scale(Vector128.Shuffle(levels, (packed & Vector128.Create((byte)15)).AsSByte()), scale, values);
        SixteenLanes.Scale(Vector128.Shuffle(levels, (packed >>> 4).AsSByte()), scale, values[16..]);
    }
}
