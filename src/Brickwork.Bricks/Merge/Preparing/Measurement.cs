using Brickwork.Bricks.Merge.Planning;

namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>Something measured of every model by running it over its text, each once.</summary>
/// <typeparam name="T">What is measured of a tensor.</typeparam>
abstract class Measurement<T>(PreparationInputs inputs) : IPreparation where T : class
{
    readonly Lock _one = new();
    readonly Dictionary<MergeModel, IReadOnlyDictionary<string, T>> _measured = [];

    public abstract long Bytes { get; }

    protected PreparationInputs Inputs => inputs;

    public MergeSource Prepare(PlannedTensor planned, PlannedInput input, MergeSource source)
    {
        IReadOnlyDictionary<string, T>? measured;
        lock (_one)
            if (!_measured.TryGetValue(input.Model, out measured))
                _measured[input.Model] = measured = Measure(input.Model, (int)planned.Shared[MeasuredOn.Examples], (int)planned.Shared[MeasuredOn.Window]);
        return With(source, measured.GetValueOrDefault(NameOf(input)));
    }

    /// <summary>Under which name a tensor's measure is found.</summary>
    protected virtual string NameOf(PlannedInput input) => input.Tensor.Name;

    protected abstract IReadOnlyDictionary<string, T> Measure(LanguageModel model, IReadOnlyList<int[]> windows);

    protected abstract MergeSource With(MergeSource source, T? measured);

    IReadOnlyDictionary<string, T> Measure(MergeModel of, int examples, int window)
    {
        using var model = LanguageModel.From(of.Reopen(), new LoadOptions { Threads = inputs.Options.Threads, InstructionSet = inputs.Options.InstructionSet, Precision = Precision.Exact });
        return Measure(model, MergeTexts.Windows(model, inputs.Texts[of], examples, window));
    }
}

/// <summary>Parameters of methods that measure models on texts.</summary>
static class MeasuredOn
{
    public const string Examples = "examples", Window = "window";

    public static MergeParameter[] Parameters { get; } = [new(Examples, 256, 1, 1 << 20), new(Window, 256, 2, 1 << 20)];
}
