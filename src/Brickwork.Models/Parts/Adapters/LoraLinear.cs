using Brickwork.Kernels.Elementwise;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>y + s·B(A·x): a low-rank change of a projection (Hu et al. 2021; with s = α/√r, Kalajdzievski 2023).</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The projection.</param>
sealed record LoraLinear(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    /// <summary>A, [r, in], as the brick stores it; F32 where it is trained.</summary>
    public required Tensor Down { get; init; }

    /// <summary>B, [out, r], likewise.</summary>
    public required Tensor Up { get; init; }

    /// <summary>s.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>What A and B were when training began, where they began in the weights and those keep the rest (PiSSA, Meng et al. 2024); null = nothing.</summary>
    public (Tensor Down, Tensor Up)? Start { get; init; }

    /// <summary>What is below this and other low-rank changes of the same projection.</summary>
    public override IPart Rest => Base is LoraLinear other ? other.Rest : Base;

    /// <summary>All low-rank changes of the projection at once where a few rows are under each; one after the other where there are many, or where a tape looks on.</summary>
    public override Tensor Finish(Tensor input, Tensor output, ForwardContext context)
    {
        using var scope = context.Mark();
        var terms = context.LowRankTerms;
        terms.Clear();
        if (context is { Tape: null, Rows.Lengths: null } && TryCollect(output, context, terms))
        {
            LowRankSums.Run(context.Compute, input, terms);
            return output;
        }
        return base.Finish(input, Base is LoraLinear other ? other.Finish(input, output, context) : output, context);
    }

    /// <summary>How many products are added: what it is now, and less what it began as.</summary>
    int Products => Start is null ? 1 : 2;

    (Tensor Down, Tensor Up, float Factor) Product(int index) => index == 0 ? (Down, Up, Factor) : (Start!.Value.Down, Start.Value.Up, -Factor);

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        for (var index = 0; index < Products; index++)
        {
            var (down, up, factor) = Product(index);
            var low = context.Scale(context.Multiply(input, down), strength * factor);       // [T, r]
            context.AddTo(output, context.Multiply(low, up));
        }
        return output;
    }

    /// <summary>Lists what the changes from the innermost to this one do with which rows; gives up where a change is under many rows.</summary>
    public bool TryCollect(Tensor output, ForwardContext context, List<LowRankTerm> terms)
    {
        if (Base is LoraLinear other && !other.TryCollect(output, context, terms))
            return false;
        if (context.StrengthOf(this) is { } shared)
            return TryAdd(output, 0, output.Rows, shared, context, terms);
        var table = context.BrickRows;
        for (var run = 0; run < table.Ids.Length; run++)
            if (!TryAdd(output, table[run].First, table[run].Count, context.StrengthOf(this, table.Ids[run]), context, terms))
                return false;
        return true;
    }

    /// <summary>Lists what this change does with rows under one strength; gives up where they are many.</summary>
    public bool TryAdd(Tensor output, int first, int count, float strength, ForwardContext context, List<LowRankTerm> terms)
    {
        if (strength == 0 || count == 0)
            return true;
        if (count > LowRankSums.MostRows)
            return false;
        for (var index = 0; index < Products; index++)
        {
            var (down, up, factor) = Product(index);
            terms.Add(new LowRankTerm(output, first, down, up, strength * factor, context.Take(count, down.Rows)));
        }
        return true;
    }

    public override void ChangeRows(Tensor input, Tensor output, ReadOnlySpan<float> strengths, ForwardContext context)
    {
        using var scope = context.Mark();
        var rows = Loud(strengths, context.TakeIntegers(strengths.Length));
        if (rows.IsEmpty)
            return;
        var path = context.Compute.InstructionSet;
        var chosen = rows.Length == input.Rows ? input : context.Choose(input, rows);                            // [t, in]
        for (var index = 0; index < Products; index++)
        {
            var (down, up, factor) = Product(index);
            var low = context.Multiply(chosen, down);                                                            // [t, r]
            for (var row = 0; row < rows.Length; row++)
                ElementwiseKernel.Scale(path, low.Row(row), strengths[rows[row]] * factor, low.Row(row));
            var change = context.Multiply(low, up);                                                              // [t, out]
            for (var row = 0; row < rows.Length; row++)
                ElementwiseKernel.Add(path, output.Row(rows[row]), change.Row(row), output.Row(rows[row]));
        }
    }

    /// <summary>The rows whose strength is not 0.</summary>
    static Span<int> Loud(ReadOnlySpan<float> strengths, Span<int> rows)
    {
        var count = 0;
        for (var row = 0; row < strengths.Length; row++)
            if (strengths[row] != 0)
                rows[count++] = row;
        return rows[..count];
    }
}
