namespace Brickwork.Training.Plans;

/// <summary>All faults of a plan in one message.</summary>
static class PlanFaults
{
    public static RecipeException Of(string source, IReadOnlyList<string> faults) => new(
        faults.Count == 1 ? $"{source}: {faults[0]}" : $"{source} has {faults.Count} faults: {string.Join(" ", faults.Select((fault, index) => $"({index + 1}) {fault}"))}",
        "See every key with its meaning in docs/training.md.");
}
