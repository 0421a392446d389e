namespace Brickwork.Kernels.Attention;

/// <summary>Softmax-weighted sums over part of the keys, which can be joined with those over other keys.</summary>
/// <remarks>
/// For R rows: the largest score m, the total l = Σ e^(s − m) and the sum o = Σ e^(s − m) · value.
/// Milakov &amp; Gimelshein 2018; joining parts as in Flash-Decoding (Dao et al. 2023).
/// </remarks>
readonly ref struct PartialAttention
{
    readonly int _stride;

    /// <param name="memory">At least <see cref="Floats"/> floats.</param>
    /// <param name="rows">R.</param>
    /// <param name="stride">Floats of a sum, a multiple of 16.</param>
    public PartialAttention(Span<float> memory, int rows, int stride)
    {
        _stride = stride;
        Sums = memory[..(rows * stride)];
        Largest = memory.Slice(rows * stride, rows);
        Totals = memory.Slice(rows * stride + rows, rows);
    }

    /// <summary>[R, stride] o.</summary>
    public Span<float> Sums { get; }

    /// <summary>[R] m, −∞ where no key was seen.</summary>
    public Span<float> Largest { get; }

    /// <summary>[R] l.</summary>
    public Span<float> Totals { get; }

    /// <summary>How much memory R rows need; a multiple of 16.</summary>
    public static int Floats(int rows, int stride) => rows * stride + (2 * rows + 15) / 16 * 16;

    /// <summary>No key seen yet.</summary>
    public void Clear()
    {
        Sums.Clear();
        Totals.Clear();
        Largest.Fill(float.NegativeInfinity);
    }

    /// <summary>Joins the sums over later keys to these.</summary>
    public void Join(InstructionSet path, in PartialAttention later)
    {
        for (var row = 0; row < Largest.Length; row++)
        {
            if (later.Totals[row] == 0)
                continue;
            var sum = Sums.Slice(row * _stride, _stride);
            var more = later.Sums.Slice(row * _stride, _stride);
            var largest = MathF.Max(Largest[row], later.Largest[row]);
            var (keep, add) = (Totals[row] == 0 ? 0 : MathF.Exp(Largest[row] - largest), MathF.Exp(later.Largest[row] - largest));
            Elementwise.ElementwiseKernel.Scale(path, sum, keep, sum);
            Elementwise.ElementwiseKernel.AddScaled(path, more, add, sum);
            Totals[row] = Totals[row] * keep + later.Totals[row] * add;
            Largest[row] = largest;
        }
    }

    /// <summary>Writes o / l of a row; zeros where no key was seen.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="sink">A further logit in the total, or null.</param>
    /// <param name="output">[Vw].</param>
    public void Finish(int row, float? sink, Span<float> output)
    {
        var factor = 1f;
        var total = Totals[row];
        if (sink is { } logit)
        {
            var largest = MathF.Max(Largest[row], logit);
            factor = total == 0 ? 0 : MathF.Exp(Largest[row] - largest);
            total = total * factor + MathF.Exp(logit - largest);
        }
        factor = total == 0 ? 0 : factor / total;
        var sum = Sums.Slice(row * _stride, output.Length);
        for (var i = 0; i < output.Length; i++)
            output[i] = sum[i] * factor;
    }
}
