using Brickwork.Bricks.Make;
using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork;

/// <summary>Low-rank changes whose factors begin as the leading directions of the weights, which keep the rest: PiSSA (Meng et al. 2024).</summary>
public sealed record NewPissa : NewLora
{
    const int Passes = 4;

    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.Pissa;

    internal override IEnumerable<NewTensor> List(LanguageModel model)
    {
        foreach (var (name, projection) in Projections(model))
        {
            // Two singular vectors make one direction; they are computed when the first of the four tensors is made.
            var directions = new Lazy<LeadingDirections>(() => Directions(model, projection));
            yield return new NewTensor(name + BrickTensors.LoraDown, new Shape(Rank, projection.Inputs), down => Down(down, directions.Value));
            yield return new NewTensor(name + BrickTensors.LoraUp, new Shape(projection.Rows, Rank), up => Up(up, directions.Value));
            yield return new NewTensor(name + BrickTensors.StartDown, new Shape(Rank, projection.Inputs), down => Down(down, directions.Value));
            yield return new NewTensor(name + BrickTensors.StartUp, new Shape(projection.Rows, Rank), up => Up(up, directions.Value));
            yield return new NewTensor(name + BrickTensors.LoraFactor, new Shape(1), FirstValues.Constant(Factor));
        }
    }

    LeadingDirections Directions(LanguageModel model, Projection projection)
    {
        var weight = projection.Part.Weight.Stored.ToFloats();
        if (Rank > Math.Min(weight.Rows, weight.Columns))
            throw new RecipeException($"'brick.rank' is {Rank}; slot '{projection.Name}' holds a matrix of {weight.Shape}, which has no more than {Math.Min(weight.Rows, weight.Columns)} directions.", "Give a smaller rank.");
        return LeadingDirections.Of(model.Compute, weight, Rank, unchecked((long)Seed), Passes);
    }

    /// <summary>√(σ/s)·vᵀ, so that s·BA is the leading part of W.</summary>
    void Down(Tensor down, LeadingDirections directions)
    {
        for (var rank = 0; rank < down.Rows; rank++)
            for (var column = 0; column < down.Columns; column++)
                down.Row(rank)[column] = Share(directions, rank) * directions.Right.Row(column)[rank];
    }

    /// <summary>√(σ/s)·u.</summary>
    void Up(Tensor up, LeadingDirections directions)
    {
        for (var row = 0; row < up.Rows; row++)
            for (var rank = 0; rank < up.Columns; rank++)
                up.Row(row)[rank] = Share(directions, rank) * directions.Left.Row(row)[rank];
    }

    float Share(LeadingDirections directions, int rank) => (float)Math.Sqrt(directions.Values[rank] / Factor);
}

/// <summary>Low-rank changes of projections whose own weights are rounded to 4-bit NormalFloat, in training and wherever the brick is plugged: QLoRA (Dettmers et al. 2023).</summary>
public sealed record NewQLora : NewLora
{
    /// <inheritdoc/>
    public override BrickKind Kind => BrickKind.QLora;
}
