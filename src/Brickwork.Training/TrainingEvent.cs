namespace Brickwork;

/// <summary>Something that happened in a training.</summary>
public abstract record TrainingEvent;

/// <summary>Something before the first step is under way, such as reading the texts.</summary>
/// <param name="What">In a few words.</param>
/// <param name="Done">How much of it is done; null = not counted.</param>
public sealed record TrainingPreparation(string What, long? Done = null) : TrainingEvent;

/// <summary>Training begins or goes on.</summary>
/// <param name="StepsDone">Steps done before.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Parameters">How many weights are trained.</param>
/// <param name="TokensPerStep">What a step reads.</param>
/// <param name="MemoryBytes">What it will take, about.</param>
/// <param name="Earlier">The metrics of the steps done before.</param>
public sealed record TrainingStart(long StepsDone, long Steps, long Parameters, long TokensPerStep, long MemoryBytes, IReadOnlyList<StepMetrics> Earlier) : TrainingEvent;

/// <summary>A step was done.</summary>
/// <param name="Step">Its numbers.</param>
public sealed record TrainingStep(StepMetrics Step) : TrainingEvent;

/// <summary>The model was measured on held-out texts.</summary>
/// <param name="Evaluation">The numbers.</param>
public sealed record TrainingEvaluation(EvaluationMetrics Evaluation) : TrainingEvent;

/// <summary>The model wrote something.</summary>
/// <param name="Sample">What.</param>
public sealed record TrainingSample(SampleMetrics Sample) : TrainingEvent;

/// <summary>The state was saved.</summary>
/// <param name="StepsDone">Steps done.</param>
/// <param name="Path">The file.</param>
public sealed record TrainingCheckpoint(long StepsDone, string Path) : TrainingEvent;
