using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Kernels.Blocks;
using Brickwork.Tensors.Weights;

namespace Brickwork;

/// <summary>The signs of what a fine-tuning changed, and one size for each matrix, which can be trained: BitDelta (Liu et al. 2024).</summary>
public sealed record NewBitDelta : NewBrick
{
    /// <summary>The fine-tuned model: a file, a folder or a name.</summary>
    public required string Tuned { get; init; }

    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.BitDelta;

    internal override IEnumerable<(string Name, object? Value)> Settings => [.. base.Settings, ("tuned", Path.GetFileName(Tuned))];

    internal override IEnumerable<NewTensor> List(LanguageModel model)
    {
        var tuned = new Lazy<TargetIndex>(() => new TargetIndex(LanguageModel.Load(Tuned, new LoadOptions { Threads = 1 })));
        try
        {
            foreach (var (name, projection) in Projections(model))
            {
                yield return new NewTensor(name + BrickTensors.DeltaSigns, new Shape(projection.Rows, (projection.Inputs + 7) / 8), bits => Signs(projection, Find(tuned.Value, projection), bits), DType.I8);
                yield return new NewTensor(name + BrickTensors.DeltaFactor, new Shape(1), factor => factor.Floats[0] = Size(projection, Find(tuned.Value, projection)));
            }
        }
        finally
        {
            if (tuned.IsValueCreated)
                tuned.Value.Model.Dispose();
        }
    }

    Projection Find(TargetIndex tuned, Projection projection) =>
        tuned.Find(projection.Name) is [var found] && found.Rows == projection.Rows && found.Inputs == projection.Inputs ? found : throw new RecipeException(
            $"The model '{Tuned}' has no [{projection.Rows}, {projection.Inputs}] in slot '{projection.Name}'.", "Give a fine-tuning of the model that the brick is for.");

    static void Signs(Projection from, Projection to, Tensor bits)
    {
        var signs = SignMatrix.Of(from.Rows, from.Inputs, (row, values) => Difference(from, to, row, values));
        signs.RowSpan(0, signs.Rows).CopyTo(bits.RowSpan(0, bits.Rows));
    }

    /// <summary>The mean size of a change: the best one in the sense of squares (section 3.1).</summary>
    static float Size(Projection from, Projection to)
    {
        var (sum, values) = (0.0, new float[from.Inputs]);
        for (var row = 0; row < from.Rows; row++)
        {
            Difference(from, to, row, values);
            foreach (var value in values)
                sum += Math.Abs(value);
        }
        return (float)(sum / ((double)from.Rows * from.Inputs));
    }

    static void Difference(Projection from, Projection to, int row, float[] values)
    {
        var before = new float[values.Length];
        Read(from, row, before);
        Read(to, row, values);
        for (var column = 0; column < values.Length; column++)
            values[column] -= before[column];
    }

    static void Read(Projection projection, int row, float[] values) =>
        Dequantizer.Run(projection.Part.Weight.Stored.Type, projection.Part.Weight.Stored.RowSpan(row, 1), values);
}
