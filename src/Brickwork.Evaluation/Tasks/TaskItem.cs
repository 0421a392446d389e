namespace Brickwork.Evaluation.Tasks;

/// <summary>One question.</summary>
abstract record TaskItem(string Subset);

/// <summary>Which of two texts is the likelier? The first should be.</summary>
sealed record PairItem(string Subset, string Good, string Bad) : TaskItem(Subset);

/// <summary>Does the likeliest continuation of the prompt begin with the completion?</summary>
sealed record CompletionItem(string Subset, string Prompt, string Completion) : TaskItem(Subset);
