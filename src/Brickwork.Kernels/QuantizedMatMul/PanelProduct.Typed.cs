using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Threading;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <inheritdoc/>
sealed class PanelProduct<TFormat> : PanelProduct where TFormat : struct, IPanelFormat
{
    /// <summary>
    /// Tokens up to which weights are not unpacked to memory first: with 32 registers they are unpacked once for four, and bytes need no unpacking.
    /// </summary>
    static int FewTokens(InstructionSet path) => path switch
    {
        InstructionSet.Avx512 => 8,
        InstructionSet.Avx2 => PanelLayout<TFormat>.FactorBits == 8 ? 8 : 2,
        _ => int.MaxValue,
    };

    public override DType Type => TFormat.Type;

    public override long PanelBytes(int columns) => PanelLayout<TFormat>.Bytes(columns);

    public override void Pack(ReadOnlySpan<byte> rows, int columns, Span<byte> panel) => PanelPacker<TFormat>.Run(rows, columns, panel);

    public override void Multiply(
        InstructionSet path, ReadOnlySpan<byte> panels, ReadOnlySpan<byte> inputs, int columns, int rows,
        Span<float> outputs, int outputStride)
    {
        var panelBytes = (int)PanelBytes(columns);
        var tokens = inputs.Length / ActivationBlocks.RowBytes(columns);
        var isFew = tokens <= FewTokens(path);
        for (var row = 0; row < rows; row += TileRows)
        {
            var wanted = Math.Min(TileRows, rows - row);
            var first = panels.Slice(row / PanelRows * panelBytes, panelBytes);
            if (isFew)
            {
                MultiplyFew(path, first, inputs, columns, Math.Min(PanelRows, wanted), outputs[row..], outputStride);
                if (wanted > PanelRows)
                    MultiplyFew(path, panels.Slice((row / PanelRows + 1) * panelBytes, panelBytes), inputs, columns, wanted - PanelRows,
                        outputs[(row + PanelRows)..], outputStride);
                continue;
            }
            // A lone panel keeps itself company; what comes of the second is not wanted.
            var second = wanted > PanelRows ? panels.Slice((row / PanelRows + 1) * panelBytes, panelBytes) : first;
            MultiplyTiles(path, first, second, inputs, columns, wanted, outputs[row..], outputStride);
        }
    }

    /// <summary>A few tokens: writing unpacked weights to memory would not pay.</summary>
    static void MultiplyFew(
        InstructionSet path, ReadOnlySpan<byte> panel, ReadOnlySpan<byte> inputs, int columns, int rows, Span<float> outputs,
        int outputStride)
    {
        var inputBytes = ActivationBlocks.RowBytes(columns);
        var tokens = inputs.Length / inputBytes;
        for (var token = 0; token < tokens; token += PanelTile<TFormat>.Tokens)
        {
            var four = Inputs(inputs, inputBytes, token, tokens, 0);
            var count = Math.Min(PanelTile<TFormat>.Tokens, tokens - token);
            if (rows == PanelRows)
                PanelRow<TFormat>.Run(path, panel, four, count, outputs[(token * outputStride)..], outputStride);
            else
                MultiplySome(path, panel, four, count, rows, outputs[(token * outputStride)..], outputStride);
        }
    }

    /// <summary>The last panel of a matrix, where rows are missing.</summary>
    static void MultiplySome(
        InstructionSet path, ReadOnlySpan<byte> panel, in FourInputs inputs, int tokens, int rows, Span<float> outputs, int outputStride)
    {
        Span<float> sums = stackalloc float[PanelTile<TFormat>.Tokens * PanelRows];
        PanelRow<TFormat>.Run(path, panel, inputs, tokens, sums, PanelRows);
        for (var token = 0; token < tokens; token++)
            sums.Slice(token * PanelRows, rows).CopyTo(outputs.Slice(token * outputStride, rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyTiles(
        InstructionSet path, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> inputs, int columns, int rows,
        Span<float> outputs, int outputStride)
    {
        var inputBytes = ActivationBlocks.RowBytes(columns);
        var tokens = inputs.Length / inputBytes;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, MostTokens, nameof(inputs));
        var tiles = (tokens + PanelTile<TFormat>.Tokens - 1) / PanelTile<TFormat>.Tokens;
        var sums = MemoryMarshal.Cast<byte, float>(ThreadScratch<Sums>.Take(tiles * PanelTile<TFormat>.Tokens * TileRows * sizeof(float)));
        sums.Clear();
        var unpacked = ThreadScratch<Unpacked>.Take(PanelTile<TFormat>.PieceBytes);
        var blocks = columns / ActivationBlocks.BlockLength;
        for (var block = 0; block < blocks; block += PanelTile<TFormat>.PieceBlocks)
        {
            var count = Math.Min(PanelTile<TFormat>.PieceBlocks, blocks - block);
            var start = block / TFormat.ScaleBlocks * PanelLayout<TFormat>.ScaleBytes;
            PanelTile<TFormat>.Unpack(path, first[start..], second[start..], count, unpacked);
            for (var tile = 0; tile < tiles; tile++)
                PanelTile<TFormat>.Accumulate(
                    path, unpacked, count, Inputs(inputs, inputBytes, tile * PanelTile<TFormat>.Tokens, tokens, block),
                    sums.Slice(tile * PanelTile<TFormat>.Tokens * TileRows, PanelTile<TFormat>.Tokens * TileRows));
        }
        for (var token = 0; token < tokens; token++)
            sums.Slice(token * TileRows, rows).CopyTo(outputs.Slice(token * outputStride, rows));
    }

    /// <summary>Four tokens' inputs from a block on; the last token stands in for those that are missing.</summary>
    static FourInputs Inputs(ReadOnlySpan<byte> inputs, int inputBytes, int token, int tokens, int block)
    {
        var start = block * ActivationBlocks.BlockBytes;
        var last = tokens - 1;
        return new(
            inputs.Slice(token * inputBytes, inputBytes)[start..],
            inputs.Slice(Math.Min(token + 1, last) * inputBytes, inputBytes)[start..],
            inputs.Slice(Math.Min(token + 2, last) * inputBytes, inputBytes)[start..],
            inputs.Slice(Math.Min(token + 3, last) * inputBytes, inputBytes)[start..]);
    }

    struct Sums;

    struct Unpacked;
}
