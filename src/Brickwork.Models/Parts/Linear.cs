using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.Weights;
using Brickwork.Tensors.Operations;

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
        var output = context.Take(input.Rows, Weight.Rows);             // [T, out]
        if (context.Rows.Lengths is null)
            Weight.Multiply(context.Compute, context.Activations(input), output);
        else
            Gemm.Run(context.Compute, Transposes.Second, input, Weight.Stored, output);
        if (context.Tape is { } tape)
            MatMul.Record(tape, input, Weight.Stored, output);
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
        return (Finish(first, input, y.Item1, context), Finish(second, input, y.Item2, context), Finish(third, input, y.Item3, context));
    }

    /// <summary>The projection itself, below adapters that only change what it gives.</summary>
    static Linear? Below(IPart part) => part switch
    {
        Linear linear => linear,
        OutputAdapter adapter => Below(adapter.Base),
        _ => null,
    };

    static Tensor Finish(IPart part, Tensor input, Tensor output, ForwardContext context)
    {
        if (part is OutputAdapter adapter)
            return adapter.Finish(input, Finish(adapter.Base, input, output, context), context);
        ((Linear)part).Finish(output, context);
        return output;
    }

    void Finish(Tensor output, ForwardContext context)
    {
        context.Scale(output, Scale);
        if (Bias is not { } bias)
            return;
        AddRow.Run(context.Compute, output, bias);
        if (context.Tape is { } tape)
            AddRow.Record(tape, output, bias);
    }
}
