using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Threading;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>m ⊙ (W + s·BA)/‖W + s·BA‖ · x, the norm taken of each row (DoRA, Liu et al. 2024). A strength s goes that part of the way from W.</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Projection">W, which may have a bias.</param>
sealed record DoraLinear(string Brick, Linear Projection) : Adapter(Brick, Projection)
{
    readonly Linear _withoutBias = Projection with { Bias = null };
    float[]? _gains;

    /// <summary>A, [r, in].</summary>
    public required Tensor Down { get; init; }

    /// <summary>B, [out, r].</summary>
    public required Tensor Up { get; init; }

    /// <summary>m, [out].</summary>
    public required Tensor Magnitudes { get; init; }

    /// <summary>s.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>Whether the factors change from pass to pass, so that no norms may be kept.</summary>
    public bool IsTrained { get; init; }

    public override IReadOnlyList<Slot> Slots => [new("base", Projection, part => Around((Linear)part))];

    public override string? Unroutable => "scales the model's own weights to other norms, instead of adding to what the slot gives";

    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = _withoutBias.Forward(input, context);                      // [T, out]
        if (context.Rows.Lengths is not null && Strength == 1)
            output = Whole(input, output, context);
        else
            Change(input, output, context);
        if (Projection.Bias is { } bias)
            context.AddRowTo(output, bias);
        return output;
    }

    /// <summary>The norms of the rows of W + s·BA.</summary>
    public static float[] Norms(Compute compute, Linear projection, Tensor down, Tensor up, float factor)
    {
        var norms = new float[projection.Weight.Rows];
        compute.Team.Run((norms.Length + NormJob.ChunkRows - 1) / NormJob.ChunkRows, new NormJob(projection, down, up, factor, norms));
        return norms;
    }

    /// <summary>The whole change on a tape: the norms count as constants, as in the paper (section 4.3).</summary>
    Tensor Whole(Tensor input, Tensor output, ForwardContext context)
    {
        var norms = Norms(context.Compute, Projection, Down, Up, Factor);
        var inverse = context.Take(1, norms.Length);
        for (var index = 0; index < norms.Length; index++)
            inverse.Floats[index] = 1 / norms[index];
        var sum = context.Sum(output, Delta(input, context));
        return context.Product(sum, context.Product(context.Own(Magnitudes.Reshape(1, norms.Length)), inverse));
    }

    void Change(Tensor input, Tensor output, ForwardContext context)
    {
        using var scope = context.Mark();
        if (context.StrengthOf(this) is { } strength)
        {
            Change(input, output, strength, context);
            return;
        }
        var table = context.BrickRows;
        for (var run = 0; run < table.Ids.Length; run++)
        {
            var (first, count) = table[run];
            Change(input.SliceRows(first, count), output.SliceRows(first, count), context.StrengthOf(this, table.Ids[run]), context);
        }
    }

    void Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        if (strength == 0 || input.Rows == 0)
            return;
        var gains = IsTrained ? Gains(context) : _gains ??= Gains(context);
        var delta = Delta(input, context);
        for (var row = 0; row < output.Rows; row++)
        {
            var values = output.Row(row);
            var change = delta.Row(row);
            for (var column = 0; column < values.Length; column++)
                values[column] = (1 + strength * (gains[column] - 1)) * values[column] + strength * gains[column] * change[column];
        }
    }

    float[] Gains(ForwardContext context) => [.. Norms(context.Compute, Projection, Down, Up, Factor).Select((norm, index) => Magnitudes.Floats[index] / norm)];

    /// <summary>s·B(A·x), [T, out].</summary>
    Tensor Delta(Tensor input, ForwardContext context) =>
        context.Multiply(context.Scale(context.Multiply(input, Down), Factor), Up);

    DoraLinear Around(Linear other) => new(Brick, other)
    {
        Strength = Strength, Weights = Weights, Down = Down, Up = Up, Magnitudes = Magnitudes, Factor = Factor, IsTrained = IsTrained,
    };

    readonly struct NormJob(Linear projection, Tensor down, Tensor up, float factor, float[] norms) : IParallelJob
    {
        public const int ChunkRows = 16;

        public void Run(int chunk)
        {
            var weight = projection.Weight.Stored;
            var values = new float[weight.Columns];
            for (var row = chunk * ChunkRows; row < Math.Min(norms.Length, (chunk + 1) * ChunkRows); row++)
            {
                Dequantizer.Run(weight.Type, weight.RowSpan(row, 1), values);
                norms[row] = (float)Math.Sqrt(Change(values, up.Row(row)));
            }
        }

        /// <summary>Adds s·BA to a row of W; gives the square of its norm.</summary>
        double Change(Span<float> row, ReadOnlySpan<float> shares)
        {
            foreach (ref var value in row)
                value *= projection.Scale;
            for (var rank = 0; rank < shares.Length; rank++)
            {
                var share = factor * shares[rank];
                var direction = down.Row(rank);
                for (var column = 0; column < row.Length; column++)
                    row[column] += share * direction[column];
            }
            var sum = 0.0;
            foreach (var value in row)
                sum += (double)value * value;
            return sum;
        }
    }
}
