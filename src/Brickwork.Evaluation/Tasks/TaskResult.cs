namespace Brickwork;

/// <summary>How a model did on a task.</summary>
/// <param name="Task">What the task is called.</param>
/// <param name="Score">Share of questions answered rightly, 0 to 1.</param>
/// <param name="Count">Questions asked.</param>
/// <param name="PerSubset">The score of each subset, where there are several.</param>
/// <param name="Perplexity">e to the power of the mean surprise of a completion, in nats; null where the task has none.</param>
public sealed record TaskResult(string Task, double Score, int Count, IReadOnlyDictionary<string, double> PerSubset, double? Perplexity);
