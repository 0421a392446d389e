using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.MatMul;

// From rows of columns to lanes of columns: squares of 16 by 16 weights, and of 16 by 6 inputs, turn in registers.
static unsafe partial class OuterPanel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void LayOutWeightsAvx512<TLanes>(ReadOnlySpan<byte> weights, int rowBytes, int columns, int laneFloats, Span<float> panel)
        where TLanes : struct, DotTile.IStoredLanes
    {
        fixed (byte* weight = &MemoryMarshal.GetReference(weights))
        fixed (float* lane = &MemoryMarshal.GetReference(panel))
            for (var row = 0; row < Rows; row += DotTile.Lanes)
                for (var column = 0; column < columns; column += DotTile.Lanes)
                    TransposeAvx512<TLanes>(weight + (nint)row * rowBytes, rowBytes, column,
                        lane + column / DotTile.Lanes * Rows + row, laneFloats);
    }

    /// <summary>Turns rows into columns.</summary>
    /// <param name="values">[rows, columns], with rows <paramref name="stride"/> values apart.</param>
    /// <param name="stride">At least <paramref name="columns"/>.</param>
    /// <param name="rows">A multiple of 16.</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="width">From one row of the result to the next; at least <paramref name="rows"/>.</param>
    /// <param name="turned">[columns, rows].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(ReadOnlySpan<float> values, int stride, int rows, int columns, int width, Span<float> turned)
    {
        if (rows == 0 || columns == 0)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, (rows - 1) * stride + columns, nameof(values));
        ArgumentOutOfRangeException.ThrowIfLessThan(turned.Length, (columns - 1) * width + rows, nameof(turned));
        fixed (float* source = &MemoryMarshal.GetReference(values))
        fixed (float* target = &MemoryMarshal.GetReference(turned))
            for (var column = 0; column < columns; column += DotTile.Lanes)
                for (var row = 0; row < rows; row += DotTile.Lanes)
                    TransposeAvx512<DotTile.F32Lanes>((byte*)(source + (nint)row * stride), (nint)stride * sizeof(float), column,
                        target + (nint)column * width + row, width);
    }

    /// <summary>Sixteen columns of sixteen rows: column l goes to lane l.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TransposeAvx512<TLanes>(byte* weight, nint rowBytes, nint column, float* lane, nint laneFloats)
        where TLanes : struct, DotTile.IStoredLanes
    {
        // Squares of four by four in the quarters of a register, for rows 0 … 3, 4 … 7, 8 … 11 and 12 … 15 …
        Vector512<float> r0, r1, r2, r3, low0, high0, low1, high1;
        r0 = TLanes.Load(weight, column);
        r1 = TLanes.Load(weight + rowBytes, column);
        r2 = TLanes.Load(weight + 2 * rowBytes, column);
        r3 = TLanes.Load(weight + 3 * rowBytes, column);
        low0 = Avx512F.UnpackLow(r0, r1); high0 = Avx512F.UnpackHigh(r0, r1);
        low1 = Avx512F.UnpackLow(r2, r3); high1 = Avx512F.UnpackHigh(r2, r3);
        var a0 = Avx512F.UnpackLow(low0.AsDouble(), low1.AsDouble()).AsSingle();
        var a1 = Avx512F.UnpackHigh(low0.AsDouble(), low1.AsDouble()).AsSingle();
        var a2 = Avx512F.UnpackLow(high0.AsDouble(), high1.AsDouble()).AsSingle();
        var a3 = Avx512F.UnpackHigh(high0.AsDouble(), high1.AsDouble()).AsSingle();
        r0 = TLanes.Load(weight + 4 * rowBytes, column);
        r1 = TLanes.Load(weight + 5 * rowBytes, column);
        r2 = TLanes.Load(weight + 6 * rowBytes, column);
        r3 = TLanes.Load(weight + 7 * rowBytes, column);
        low0 = Avx512F.UnpackLow(r0, r1); high0 = Avx512F.UnpackHigh(r0, r1);
        low1 = Avx512F.UnpackLow(r2, r3); high1 = Avx512F.UnpackHigh(r2, r3);
        var b0 = Avx512F.UnpackLow(low0.AsDouble(), low1.AsDouble()).AsSingle();
        var b1 = Avx512F.UnpackHigh(low0.AsDouble(), low1.AsDouble()).AsSingle();
        var b2 = Avx512F.UnpackLow(high0.AsDouble(), high1.AsDouble()).AsSingle();
        var b3 = Avx512F.UnpackHigh(high0.AsDouble(), high1.AsDouble()).AsSingle();
        r0 = TLanes.Load(weight + 8 * rowBytes, column);
        r1 = TLanes.Load(weight + 9 * rowBytes, column);
        r2 = TLanes.Load(weight + 10 * rowBytes, column);
        r3 = TLanes.Load(weight + 11 * rowBytes, column);
        low0 = Avx512F.UnpackLow(r0, r1); high0 = Avx512F.UnpackHigh(r0, r1);
        low1 = Avx512F.UnpackLow(r2, r3); high1 = Avx512F.UnpackHigh(r2, r3);
        var c0 = Avx512F.UnpackLow(low0.AsDouble(), low1.AsDouble()).AsSingle();
        var c1 = Avx512F.UnpackHigh(low0.AsDouble(), low1.AsDouble()).AsSingle();
        var c2 = Avx512F.UnpackLow(high0.AsDouble(), high1.AsDouble()).AsSingle();
        var c3 = Avx512F.UnpackHigh(high0.AsDouble(), high1.AsDouble()).AsSingle();
        r0 = TLanes.Load(weight + 12 * rowBytes, column);
        r1 = TLanes.Load(weight + 13 * rowBytes, column);
        r2 = TLanes.Load(weight + 14 * rowBytes, column);
        r3 = TLanes.Load(weight + 15 * rowBytes, column);
        low0 = Avx512F.UnpackLow(r0, r1); high0 = Avx512F.UnpackHigh(r0, r1);
        low1 = Avx512F.UnpackLow(r2, r3); high1 = Avx512F.UnpackHigh(r2, r3);
        var d0 = Avx512F.UnpackLow(low0.AsDouble(), low1.AsDouble()).AsSingle();
        var d1 = Avx512F.UnpackHigh(low0.AsDouble(), low1.AsDouble()).AsSingle();
        var d2 = Avx512F.UnpackLow(high0.AsDouble(), high1.AsDouble()).AsSingle();
        var d3 = Avx512F.UnpackHigh(high0.AsDouble(), high1.AsDouble()).AsSingle();
        // … whose quarters then find their columns.
        StoreColumns(a0, b0, c0, d0, lane, laneFloats);
        StoreColumns(a1, b1, c1, d1, lane + laneFloats, laneFloats);
        StoreColumns(a2, b2, c2, d2, lane + 2 * laneFloats, laneFloats);
        StoreColumns(a3, b3, c3, d3, lane + 3 * laneFloats, laneFloats);
    }

    /// <summary>Column c, c + 4, c + 8 and c + 12 from quarters that hold them for four rows each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreColumns(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* lane, nint laneFloats)
    {
        var even0 = Avx512F.Shuffle4x128(a, b, 0x88);
        var odd0 = Avx512F.Shuffle4x128(a, b, 0xDD);
        var even1 = Avx512F.Shuffle4x128(c, d, 0x88);
        var odd1 = Avx512F.Shuffle4x128(c, d, 0xDD);
        Avx512F.Shuffle4x128(even0, even1, 0x88).Store(lane);
        Avx512F.Shuffle4x128(odd0, odd1, 0x88).Store(lane + 4 * laneFloats);
        Avx512F.Shuffle4x128(even0, even1, 0xDD).Store(lane + 8 * laneFloats);
        Avx512F.Shuffle4x128(odd0, odd1, 0xDD).Store(lane + 12 * laneFloats);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void LayOutInputsAvx512(ReadOnlySpan<float> inputs, int columns, Span<float> group)
    {
        var tokens = inputs.Length / columns;
        var whole = columns / DotTile.Lanes * DotTile.Lanes;
        fixed (float* input = &MemoryMarshal.GetReference(inputs))
        fixed (float* lane = &MemoryMarshal.GetReference(group))
        {
            for (var column = 0; column < whole; column += DotTile.Lanes)
                SpreadAvx512(input + column, columns, tokens, lane + column / DotTile.Lanes * GroupTokens, InputLane(columns));
            if (whole == columns)
                return;
            var padded = stackalloc float[GroupTokens * DotTile.Lanes];
            for (var token = 0; token < tokens; token++)
                for (var column = whole; column < columns; column++)
                    padded[token * DotTile.Lanes + column - whole] = input[token * columns + column];
            SpreadAvx512(padded, DotTile.Lanes, tokens, lane + whole / DotTile.Lanes * GroupTokens, InputLane(columns));
        }
    }

    /// <summary>Sixteen columns of six tokens, the last one repeated where there are fewer: column l goes to lane l.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void SpreadAvx512(float* input, nint stride, int tokens, float* lane, nint laneFloats)
    {
        var r0 = Vector512.Load(input);
        var r1 = Vector512.Load(input + Math.Min(1, tokens - 1) * stride);
        var r2 = Vector512.Load(input + Math.Min(2, tokens - 1) * stride);
        var r3 = Vector512.Load(input + Math.Min(3, tokens - 1) * stride);
        var r4 = Vector512.Load(input + Math.Min(4, tokens - 1) * stride);
        var r5 = Vector512.Load(input + Math.Min(5, tokens - 1) * stride);
        var low0 = Avx512F.UnpackLow(r0, r1).AsDouble(); var high0 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        var low1 = Avx512F.UnpackLow(r2, r3).AsDouble(); var high1 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        var low2 = Avx512F.UnpackLow(r4, r5).AsDouble(); var high2 = Avx512F.UnpackHigh(r4, r5).AsDouble();
        StoreSix(Avx512F.UnpackLow(low0, low1), low2, lane, laneFloats);
        StoreSix(Avx512F.UnpackHigh(low0, low1), Avx512F.UnpackHigh(low2, low2), lane + laneFloats, laneFloats);
        StoreSix(Avx512F.UnpackLow(high0, high1), high2, lane + 2 * laneFloats, laneFloats);
        StoreSix(Avx512F.UnpackHigh(high0, high1), Avx512F.UnpackHigh(high2, high2), lane + 3 * laneFloats, laneFloats);
    }

    /// <summary>Column c, c + 4, c + 8 and c + 12 from quarters with four tokens and with two; two more floats are overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreSix(Vector512<double> four, Vector512<double> two, float* lane, nint laneFloats)
    {
        var even = Avx512F.Shuffle4x128(four, two, 0x88);
        var odd = Avx512F.Shuffle4x128(four, two, 0xDD);
        even = Avx512F.Shuffle4x128(even, even, 0xD8);
        odd = Avx512F.Shuffle4x128(odd, odd, 0xD8);
        even.GetLower().Store((double*)lane);
        odd.GetLower().Store((double*)(lane + 4 * laneFloats));
        even.GetUpper().Store((double*)(lane + 8 * laneFloats));
        odd.GetUpper().Store((double*)(lane + 12 * laneFloats));
    }
}
