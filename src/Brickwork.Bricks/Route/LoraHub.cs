using Brickwork.Bricks.Route;

namespace Brickwork;

/// <summary>How weights of bricks are searched for.</summary>
public sealed record LoraHubOptions
{
    /// <summary>The name of the brick that is found.</summary>
    public string Id { get; init; } = "lorahub";

    /// <summary>How many weights are tried after the first, which are all 0.</summary>
    public int Steps { get; init; } = 40;

    /// <summary>No weight is larger, by amount.</summary>
    public float Bound { get; init; } = 1.5f;

    /// <summary>What the mean amount of a weight costs, in the unit of the loss.</summary>
    public double Penalty { get; init; } = 0.05;

    /// <summary>What the weights are weights of.</summary>
    public LoraSumOf Sum { get; init; } = LoraSumOf.Products;

    /// <summary>Where the random steps come from.</summary>
    public long Seed { get; init; } = 42;
}

/// <summary>What a search found.</summary>
/// <param name="Brick">The weighted sum of the bricks, to be plugged.</param>
/// <param name="Weights">One for each brick.</param>
/// <param name="Loss">The loss under them, without the penalty.</param>
/// <param name="FirstLoss">The loss of the model without bricks.</param>
/// <param name="Better">How many of the weights tried were better than all before.</param>
public sealed record LoraHubResult(Brick Brick, IReadOnlyList<float> Weights, double Loss, double FirstLoss, int Better);

/// <summary>Finds weights for bricks with a few examples of a new task and without gradients (LoraHub, Huang et al. 2023).</summary>
/// <remarks>
/// What the bricks do is added up. The paper adds up factors, so that a weight acts squared and bricks act on each other: <see cref="LoraSumOf.Factors"/>.
/// The search is the (1+1) evolution strategy with the one-fifth rule, which the paper's library takes for so few steps.
/// </remarks>
public static class LoraHub
{
    /// <summary>Searches for the weights under which a model has the least loss.</summary>
    /// <param name="model">The model the bricks are for.</param>
    /// <param name="bricks">LoRA bricks.</param>
    /// <param name="loss">The loss of a model on the examples, in nats a token.</param>
    /// <param name="options">Steps, bounds and seed.</param>
    /// <param name="steps">Told how many steps were made.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="RecipeException">A brick is no LoRA, or factors of different ranks were to be added up.</exception>
    /// <exception cref="CheckpointException">A brick is for another model.</exception>
    public static LoraHubResult Search(
        LanguageModel model, IReadOnlyList<Brick> bricks, Func<LanguageModel, double> loss, LoraHubOptions? options = null, IProgress<int>? steps = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(bricks);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new LoraHubOptions();
        // A sum of bricks with different parents names none.
        foreach (var brick in bricks)
            BrickPlugging.RequireParent(model, brick, anyParent: false);
        var losses = new Dictionary<float[], double>();
        var search = new OnePlusOne(bricks.Count, options.Bound, options.Seed);
        double Cost(float[] weights)
        {
            cancellation.ThrowIfCancellationRequested();
            using var plugged = model.Plug(LoraSum.Of(options.Id, bricks, weights, options.Sum));
            losses[weights] = loss(plugged);
            return losses[weights] + options.Penalty * weights.Average(weight => (double)Math.Abs(weight));
        }

        search.Begin(Cost);
        var (first, better) = (losses[search.Best], 0);
        for (var step = 0; step < options.Steps; step++)
        {
            better += search.Step(Cost) ? 1 : 0;
            steps?.Report(step + 1);
        }
        return new LoraHubResult(LoraSum.Of(options.Id, bricks, search.Best, options.Sum), search.Best, losses[search.Best], first, better);
    }
}
