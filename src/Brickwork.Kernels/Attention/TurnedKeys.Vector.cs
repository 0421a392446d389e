using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.Attention;

/// <summary>Packed rows turned by panels, [rows, width] to [rows / 32][width, 32], so that a vector holds one value of many rows.</summary>
static class TurnedKeys
{
    /// <summary>Rows of a panel: two of the widest vectors, as a tile takes them.</summary>
    public const int PanelRows = 32;

    /// <param name="packed">[N, width], N a multiple of 32, width of four.</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="turned">As many values.</param>
    public static void Run(ReadOnlySpan<float> packed, int width, Span<float> turned)
    {
        if (packed.Length != turned.Length || width % 4 != 0 || packed.Length % (PanelRows * width) != 0)
            throw new ArgumentException($"{packed.Length} values are no panels of {PanelRows} rows of {width}.", nameof(packed));
        for (var panel = 0; panel < packed.Length; panel += PanelRows * width)
            for (var row = 0; row < PanelRows; row += 4)
                Turn(packed.Slice(panel + row * width, 4 * width), width, turned[(panel + row)..]);
    }

    /// <summary>Four rows become four columns.</summary>
    static void Turn(ReadOnlySpan<float> rows, int width, Span<float> turned)
    {
        ref var source = ref MemoryMarshal.GetReference(rows);
        ref var target = ref MemoryMarshal.GetReference(turned);
        for (var column = 0; column < width; column += 4, target = ref Unsafe.Add(ref target, 4 * PanelRows))
            if (Sse.IsSupported)
            {
                var a = Vector128.LoadUnsafe(ref source, (nuint)column);
                var b = Vector128.LoadUnsafe(ref source, (nuint)(column + width));
                var c = Vector128.LoadUnsafe(ref source, (nuint)(column + 2 * width));
                var d = Vector128.LoadUnsafe(ref source, (nuint)(column + 3 * width));
                var (low, high) = (Sse.UnpackLow(a, b), Sse.UnpackLow(c, d));
                Sse.MoveLowToHigh(low, high).StoreUnsafe(ref target);
                Sse.MoveHighToLow(high, low).StoreUnsafe(ref target, PanelRows);
                (low, high) = (Sse.UnpackHigh(a, b), Sse.UnpackHigh(c, d));
                Sse.MoveLowToHigh(low, high).StoreUnsafe(ref target, 2 * PanelRows);
                Sse.MoveHighToLow(high, low).StoreUnsafe(ref target, 3 * PanelRows);
            }
            else
                for (var i = 0; i < 16; i++)
                    Unsafe.Add(ref target, i / 4 * PanelRows + i % 4) = Unsafe.Add(ref source, column + i / 4 + i % 4 * width);
    }
}
