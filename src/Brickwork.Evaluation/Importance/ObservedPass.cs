using Brickwork.Models.Parts;

namespace Brickwork.Evaluation.Importance;

/// <summary>Runs pieces of text through a model with observed projections.</summary>
sealed class ObservedPass : IDisposable
{
    readonly ModelRunner _runner;
    readonly ObservedLinear? _head;
    readonly Batch _batch = new();

    internal ObservedPass(LanguageModel model)
    {
        // The head is as large as many layers, and what goes into it is known without multiplying.
        _head = (model.Decoder.Head as Head)?.Project as ObservedLinear;
        _runner = model.CreateRunner(new RunnerOptions { Output = _head is null ? RunnerOutput.Logits : RunnerOutput.Hidden });
    }

    internal int Context => _runner.Context;

    internal void Run(ReadOnlySpan<int> tokens)
    {
        using var sequence = _runner.StartSequence();
        _batch.Clear();
        _batch.Add(sequence, tokens, LogitRows.All);
        var output = _runner.Forward(_batch);
        _head?.Add(output);
    }

    public void Dispose() => _runner.Dispose();
}
