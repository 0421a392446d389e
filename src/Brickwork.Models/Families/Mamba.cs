using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Mamba and FalconMamba: nothing but selective state spaces.</summary>
sealed class Mamba : Family
{
    public override string Architecture => "mamba";

    public override string Examples => "Mamba, FalconMamba";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = Mixer(layer),
    };

    /// <summary>The mixer over <c>ssm_*</c>, with norms of time step and keys where the family has them.</summary>
    public static MambaMixer Mixer(LayerBuilder layer)
    {
        var model = layer.Model;
        var (channels, keys, rank) = (model.Int("ssm.inner_size"), model.Int("ssm.state_size"), model.Int("ssm.time_step_rank"));
        model.RequireRows(layer.Name("ssm_in.weight"), 2L * channels);
        model.RequireRows(layer.Name("ssm_x.weight"), rank + 2L * keys);
        IPart Normed(int first, int count, string norm) => Norm(layer, norm, count) is { } part
            ? new Chain([model.LinearRows(layer.Name("ssm_x"), first, count, channels), part])
            : model.LinearRows(layer.Name("ssm_x"), first, count, channels);
        return new MambaMixer
        {
            Input = model.LinearRows(layer.Name("ssm_in"), 0, channels, model.Width),
            Gate = model.LinearRows(layer.Name("ssm_in"), channels, channels, model.Width),
            Convolution = layer.Convolution("ssm_conv1d", channels),
            TimeStep = new Chain([Normed(0, rank, "ssm_dt_norm"), layer.Linear("ssm_dt", channels, rank)]),
            WriteKey = Normed(rank, keys, "ssm_b_norm"),
            ReadKey = Normed(rank + keys, keys, "ssm_c_norm"),
            Output = layer.Linear("ssm_out", model.Width, channels),
            Decay = Transposed(model.Values(layer.Name("ssm_a"), channels, keys)),
            Skip = model.Values(layer.Name("ssm_d"), channels),
        };
    }

    static RmsNorm? Norm(LayerBuilder layer, string stem, int width) =>
        layer.TryRmsNorm(stem, width) ?? (layer.Model.TryBool("ssm.dt_b_c_rms") == true ? RmsNorm.WithoutGain(width, layer.Model.Epsilon) : null);

    /// <summary>[C, N] → [N, C], so that channels lie next to each other.</summary>
    static Tensor Transposed(Tensor matrix)
    {
        var transposed = Tensor.Zeros(matrix.Columns, matrix.Rows);
        for (var row = 0; row < matrix.Rows; row++)
            for (var column = 0; column < matrix.Columns; column++)
                transposed.Row(column)[row] = matrix.Row(row)[column];
        return transposed;
    }
}
