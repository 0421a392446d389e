using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Weights;

namespace Brickwork.Models.Parts;

/// <summary>y = x·Wᵀ + b. W [out, in] in any storage type.</summary>
sealed record Linear(WeightMatrix Weight) : IPart
{
    /// <summary>Where in the model's files W comes from; null = W was made here.</summary>
    public WeightOrigin? Origin { get; init; }

    /// <summary>[out], added to every row; null = none.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>A factor on the result before the bias; 1 = none.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Whether the product is all there is.</summary>
    public bool IsPlain => Scale == 1 && Bias is null;

    public bool HasGradient => true;

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        Tensor output;                                                  // [T, out]
        if (context.Rows.Lengths is null)
        {
            output = context.Take(input.Rows, Weight.Rows);
            Weight.Multiply(context.Compute, context.Activations(input), output);
        }
        else
            output = context.Multiply(input, Weight.Stored);
        Finish(output, context);
        return output;
    }

    /// <summary>Three projections of the same rows, run together where they are plain.</summary>
    public static (Tensor First, Tensor Second, Tensor Third) Forward(
        IPart first, IPart second, IPart third, Tensor input, ForwardContext context)
    {
        using var shared = context.Share(input);
        if (context.Rows.Lengths is not null || Below(first) is not { } a || Below(second) is not { } b || Below(third) is not { } c)
            return (first.Forward(input, context), second.Forward(input, context), third.Forward(input, context));
        var y = (context.Take(input.Rows, a.Weight.Rows), context.Take(input.Rows, b.Weight.Rows), context.Take(input.Rows, c.Weight.Rows));
        var (compute, rows) = (context.Compute, context.Activations(input));
        if (!JointProducts.TryRun(compute, rows, a.Weight, y.Item1, b.Weight, y.Item2, c.Weight, y.Item3))
        {
            a.Weight.Multiply(compute, rows, y.Item1);
            b.Weight.Multiply(compute, rows, y.Item2);
            c.Weight.Multiply(compute, rows, y.Item3);
        }
        return FinishTogether((first, second, third), input, y, context) ? y
            : (Finish(first, input, y.Item1, context), Finish(second, input, y.Item2, context), Finish(third, input, y.Item3, context));
    }

    /// <summary>Low-rank changes of all three at once; false, with nothing done, where something else is to be done.</summary>
    static bool FinishTogether((IPart, IPart, IPart) parts, Tensor input, (Tensor, Tensor, Tensor) outputs, ForwardContext context)
    {
        using var scope = context.Mark();
        var terms = context.LowRankTerms;
        terms.Clear();
        if (context.Tape is not null || !Collects(parts.Item1, outputs.Item1) || !Collects(parts.Item2, outputs.Item2) || !Collects(parts.Item3, outputs.Item3))
            return false;
        Below(parts.Item1)!.Finish(outputs.Item1, context);
        Below(parts.Item2)!.Finish(outputs.Item2, context);
        Below(parts.Item3)!.Finish(outputs.Item3, context);
        LowRankSums.Run(context.Compute, input, terms);
        return true;

        bool Collects(IPart part, Tensor output) => part is Linear || (part is LoraLinear { Rest: Linear } lora && lora.TryCollect(output, context, terms));
    }

    /// <summary>The projection itself, below adapters that only change what it gives.</summary>
    static Linear? Below(IPart part) => part switch
    {
        Linear linear => linear,
        OutputAdapter adapter => Below(adapter.Rest),
        _ => null,
    };

    static Tensor Finish(IPart part, Tensor input, Tensor output, ForwardContext context)
    {
        if (part is OutputAdapter adapter)
            return adapter.Finish(input, Finish(adapter.Rest, input, output, context), context);
        ((Linear)part).Finish(output, context);
        return output;
    }

    void Finish(Tensor output, ForwardContext context)
    {
        context.Scale(output, Scale);
        if (Bias is { } bias)
            context.AddRowTo(output, bias);
    }
}
