using Brickwork.Inference.Generation;

namespace Brickwork.Inference.Speculation;

/// <summary>Runs a smaller model for drafters. What it has read of one text serves the next that begins alike.</summary>
sealed class ModelDraftSource : IDraftSource
{
    readonly ModelRunner _runner;
    readonly Stack<Sequence> _free = new();
    readonly int _vocabulary;

    internal ModelDraftSource(LanguageModel target, LanguageModel model, RunnerOptions runner)
    {
        LogitModels.Require(model);
        SameVocabulary.Require(target, model);
        // The context is the smaller model's own: where it ends, the guesses end.
        runner = runner with { Context = null };
        Rollback.Require(model, runner);
        // Files may round the number of logits up beyond the tokens; what one model lacks, it cannot guess.
        _vocabulary = Math.Min(target.Config.Vocabulary, model.Config.Vocabulary);
        _runner = model.CreateRunner(runner);
    }

    public IDrafter Start(SamplingOptions sampling) => new ModelDrafter(this, _runner, Fitting(sampling), _vocabulary);

    internal Sequence Rent() => _free.TryPop(out var sequence) ? sequence : _runner.StartSequence();

    internal void Return(Sequence sequence) => _free.Push(sequence);

    public void Dispose()
    {
        foreach (var sequence in _free)
            sequence.Dispose();
        _runner.Dispose();
    }

    // Guesses may come from any distribution, if only it is known. Mirostat's depends on what was refused, so it is left out.
    SamplingOptions Fitting(SamplingOptions sampling) => sampling with
    {
        Mirostat = null,
        LogProbabilities = null,
        LogitBias = sampling.LogitBias.Where(bias => bias.Key < _vocabulary).ToDictionary(),
    };
}
