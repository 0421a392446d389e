using System.Globalization;

namespace Brickwork.Training.Session;

/// <summary>How much arithmetic and memory training takes, by the sizes of the model.</summary>
/// <param name="Bytes">Of memory, about.</param>
/// <param name="OperationsPerToken">Multiplications and additions, forward and backward.</param>
sealed record StepCost(long Bytes, double OperationsPerToken)
{
    public static StepCost Of(ModelSizes model, TrainingPlan plan)
    {
        var length = plan.Batch.Length ?? model.Context;
        // Two operations for each weight in each pass: forwards, backwards to the values, and backwards to the weights where they are trained.
        // Attention sees half of a sequence on average.
        var weights = model.FixedBytes > 0 ? 4.0 * model.Products + 6.0 * model.Trained : 6.0 * model.Products;
        var operations = weights + 6.0 * model.Layers * model.Width * length;
        return new(BytesOf(model, plan, length), operations);
    }

    /// <summary>Weights, gradients, what optimizer and average remember, and the values of the largest piece with their gradients.</summary>
    static long BytesOf(ModelSizes model, TrainingPlan plan, int length)
    {
        var remembered = plan.Optimizer switch { MezoOptions => 0, LionOptions or MuonOptions or GaLoreOptions => 1, _ => 2 };
        var copies = 2 + (plan.Optimizer.MomentType == DType.BF16 ? remembered / 2.0 : remembered) + (plan.AverageDecay is null ? 0 : 1);
        var tokens = (long)(plan.Batch.MicroSequences ?? plan.Batch.Sequences) * length;
        var layer = 10L * model.Width + 5L * model.Neurons;
        var values = plan.RecomputeBlocks ? layer + (long)model.Layers * model.Width : model.Layers * layer;
        // A teacher's logits of a whole piece are kept; its weights are those of another file.
        var logits = plan.Objective is DistillationObjective ? tokens * model.Vocabulary : 0;
        return model.FixedBytes + sizeof(float) * (logits + (long)(copies * model.Trained) + 2 * (tokens * (values + 4L * model.Width) + (long)new TrainableOptions().LogitRows * model.Vocabulary));
    }

    /// <summary>Refuses what does not fit.</summary>
    /// <param name="limit">Bytes that may be taken; null = what this machine has.</param>
    /// <exception cref="MemoryLimitException">It does not fit.</exception>
    public void Require(long? limit)
    {
        var found = limit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Bytes > found)
            throw new MemoryLimitException(
                $"This training takes about {Size(Bytes)}: weights, gradients, the optimizer's memory and the values of a batch; {(limit is null ? "this machine has" : "the limit is")} {Size(found)}.",
                "Make pieces smaller with 'batch.microSequences' or 'batch.length', set 'recomputeBlocks: true', or train a smaller model.");
    }

    static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N2} GB");
}
