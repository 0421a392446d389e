using Brickwork.Kernels.Blocks;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>Token rows, and beside them a short row of every token for each layer, which the layers pick up (Gemma 3n and 4).</summary>
/// <remarks>T rows, D width, L layers, P width of a layer's row.</remarks>
sealed record PerLayerEmbedding : IPart
{
    /// <summary>The key under which the rows of all layers are left, [T, L*P].</summary>
    public static readonly object Key = new();

    /// <summary>ids → [T, D].</summary>
    public required IPart Tokens { get; init; }

    /// <summary>[V, L*P] in any storage type.</summary>
    public required Tensor LayerTokens { get; init; }

    /// <summary>[T, D] → [T, L*P].</summary>
    public required IPart Project { get; init; }

    /// <summary>Norm of each layer's P values.</summary>
    public required IPart ProjectNorm { get; init; }

    /// <summary>P.</summary>
    public required int LayerWidth { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("tokens", Tokens, part => this with { Tokens = part }),
        new("project", Project, part => this with { Project = part }),
        new("projectNorm", ProjectNorm, part => this with { ProjectNorm = part }),
    ];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = Tokens.Forward(input, context);                                        // [T, D]
        using var scope = context.Arena.Mark();
        var projected = Project.Forward(output, context);                                   // [T, L*P]
        Scale.Run(context.Compute, projected, 1 / MathF.Sqrt(output.Columns));
        projected = ProjectNorm.Forward(projected, context);
        var rows = context.TakeLasting(output.Rows, LayerTokens.Columns);
        for (var row = 0; row < rows.Rows; row++)
            Dequantizer.Run(LayerTokens.Type, LayerTokens.RowSpan(context.Rows.Tokens[row], 1), rows.Row(row));
        Scale.Run(context.Compute, rows, MathF.Sqrt(LayerWidth));
        Add.Run(context.Compute, rows, projected);
        Scale.Run(context.Compute, rows, 1 / MathF.Sqrt(2));
        context.Leave(Key, rows);
        return output;
    }
}
