using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.MatMul;

// Twelve sums of a step share two vectors of b and six values of a: fewer loads than products, and enough sums to hide the time of one.
static unsafe partial class GemmTile
{
    const int FloatsInLine = 16;

    // Steps that take longer than asking for the outputs.
    const int LongTile = 64;

    static void RunVector(InstructionSet path, GemmTarget target, in GemmRows a, in GemmColumns b, GemmSize size, float alpha,
        Span<float> c, int stride)
    {
        if (path == InstructionSet.Vector)
            RunTiles<Lanes128>(target, a, b, size, alpha, c, stride);
        else if (path == InstructionSet.Avx2 || size.Columns <= 2 * Lanes256.Count)
            RunTiles<Lanes256>(target, a, b, size, alpha, c, stride);
        else if (size.Columns <= 2 * Lanes512.Count)
            RunTiles<Lanes512>(target, a, b, size, alpha, c, stride);
        else
            RunTiles<Lanes1024>(target, a, b, size, alpha, c, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RunTiles<T>(GemmTarget target, in GemmRows a, in GemmColumns b, GemmSize size, float alpha, Span<float> c, int stride)
        where T : struct, ILaneSums<T>
    {
        // Where columns are missing to whole vectors, the sums go by way of a tile that has them.
        var padded = stackalloc float[Rows * MostColumns];
        var isPadded = size.Columns < 2 * T.Count;
        fixed (float* left = &MemoryMarshal.GetReference(a.Values))
        fixed (float* right = &MemoryMarshal.GetReference(b.Values))
        fixed (float* output = &MemoryMarshal.GetReference(c))
            for (var row = 0; row < size.Rows; row += Rows)
            {
                var rows = Math.Min(Rows, size.Rows - row);
                var tile = new Tile(left + (nint)(row / Rows) * a.TileStride, a.RowStride, a.StepStride, right, b.StepStride, size.Depth);
                var place = output + (nint)row * stride;
                if (!isPadded)
                    Run<T>(tile, rows, target, alpha, place, stride);
                else
                {
                    Copy(place, stride, padded, MostColumns, rows, size.Columns);
                    Run<T>(tile, rows, target, alpha, padded, MostColumns);
                    Copy(padded, MostColumns, place, stride, rows, size.Columns);
                }
            }
    }

    static void Copy(float* source, nint sourceRow, float* target, nint targetRow, int rows, int columns)
    {
        for (var row = 0; row < rows; row++, source += sourceRow, target += targetRow)
            new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(target, columns));
    }

    /// <summary>Rows that are not there are read as the last one again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Run<T>(in Tile tile, int rows, GemmTarget target, float alpha, float* c, nint row) where T : struct, ILaneSums<T>
    {
        T s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        T s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        var a = tile.A;
        var b = tile.B;
        var last = rows - 1;
        var (a1, a2, a3) = (Math.Min(1, last) * tile.ARow, Math.Min(2, last) * tile.ARow, Math.Min(3, last) * tile.ARow);
        var (a4, a5) = (Math.Min(4, last) * tile.ARow, Math.Min(5, last) * tile.ARow);
        var (aStep, bStep) = (tile.AStep, tile.BStep);
        if (tile.Steps >= LongTile)
            Fetch(c, row, rows, 2 * T.Count);
        for (var steps = tile.Steps; steps > 0; steps--, a += aStep, b += bStep)
        {
            var b0 = T.Load(ref *b, 0);
            var b1 = T.Load(ref *b, (nuint)T.Count);
            var x = T.Broadcast(*a);
            s00 = T.MultiplyAdd(b0, x, s00);
            s01 = T.MultiplyAdd(b1, x, s01);
            x = T.Broadcast(a[a1]);
            s10 = T.MultiplyAdd(b0, x, s10);
            s11 = T.MultiplyAdd(b1, x, s11);
            x = T.Broadcast(a[a2]);
            s20 = T.MultiplyAdd(b0, x, s20);
            s21 = T.MultiplyAdd(b1, x, s21);
            x = T.Broadcast(a[a3]);
            s30 = T.MultiplyAdd(b0, x, s30);
            s31 = T.MultiplyAdd(b1, x, s31);
            x = T.Broadcast(a[a4]);
            s40 = T.MultiplyAdd(b0, x, s40);
            s41 = T.MultiplyAdd(b1, x, s41);
            x = T.Broadcast(a[a5]);
            s50 = T.MultiplyAdd(b0, x, s50);
            s51 = T.MultiplyAdd(b1, x, s51);
        }
        var factor = T.Broadcast(alpha);
        Finish(target, factor, s00, s01, c);
        if (last > 0)
            Finish(target, factor, s10, s11, c + row);
        if (last > 1)
            Finish(target, factor, s20, s21, c + 2 * row);
        if (last > 2)
            Finish(target, factor, s30, s31, c + 3 * row);
        if (last > 3)
            Finish(target, factor, s40, s41, c + 4 * row);
        if (last > 4)
            Finish(target, factor, s50, s51, c + 5 * row);
    }

    /// <summary>Asks for the outputs, which are far away in a large matrix, while the sums are made.</summary>
    static void Fetch(float* c, nint row, int rows, int columns)
    {
        if (!Sse.IsSupported)
            return;
        for (; rows > 0; rows--, c += row)
            for (var column = 0; column < columns; column += FloatsInLine)
                Sse.Prefetch0(c + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Finish<T>(GemmTarget target, T factor, T first, T second, float* c) where T : struct, ILaneSums<T>
    {
        var (old0, old1) = target == GemmTarget.Add
            ? (T.Load(ref *c, 0), T.Load(ref *c, (nuint)T.Count))
            : (default, default);
        T.Store(T.MultiplyAdd(factor, first, old0), ref *c, 0);
        T.Store(T.MultiplyAdd(factor, second, old1), ref *c, (nuint)T.Count);
    }

    /// <summary>Where the factors of a tile lie.</summary>
    readonly struct Tile(float* a, nint aRow, nint aStep, float* b, nint bStep, nint steps)
    {
        public readonly float* A = a;
        public readonly nint ARow = aRow;
        public readonly nint AStep = aStep;
        public readonly float* B = b;
        public readonly nint BStep = bStep;
        public readonly nint Steps = steps;
    }
}
