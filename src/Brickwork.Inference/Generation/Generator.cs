using Brickwork.Inference.Generation;
using Brickwork.Inference.Speculation;

namespace Brickwork;

/// <summary>Writes on from prompts. One thread at a time; its memory for keys and values is used again for every text.</summary>
public sealed class Generator : IDisposable
{
    readonly LanguageModel _model;
    readonly ModelRunner _runner;
    readonly PromptEncoder _prompts;
    readonly SpeculatorPool _speculators;
    readonly TimeProvider _time;

    /// <summary>Prepares the model.</summary>
    /// <param name="model">The model; must outlive the generator.</param>
    /// <param name="runner">How to run it.</param>
    /// <param name="time">The clock for timings; null = the system's.</param>
    public Generator(LanguageModel model, RunnerOptions? runner = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _runner = model.CreateRunner(runner);
        _prompts = new PromptEncoder(model);
        _time = time ?? TimeProvider.System;
        _speculators = new SpeculatorPool(model, runner ?? new RunnerOptions(), _time);
    }

    /// <summary>Tokens of prompt and text together that fit.</summary>
    public int Context => _runner.Context;

    /// <summary>Writes on from a text, step by step. The last piece says how it ended; cancelling ends it, too.</summary>
    /// <param name="prompt">Plain text; empty = from the model's start token.</param>
    /// <param name="options">How to write; null = the defaults.</param>
    /// <param name="cancellation">Looked at before every step and every 256 tokens of the prompt.</param>
    /// <exception cref="ArgumentException">The options cannot be used.</exception>
    /// <exception cref="PromptTooLongException">The prompt is longer than the context.</exception>
    /// <exception cref="UnsupportedModelException">The prompt is empty and the model has no start token, or the model cannot be speculated for as the options say.</exception>
    public IEnumerable<GeneratedPiece> Stream(string prompt, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        Stream(_prompts.Encode(prompt), options, cancellation);

    /// <summary>Writes on from tokens, step by step.</summary>
    /// <param name="prompt">The tokens, start token included where the model wants one; at least one.</param>
    /// <param name="options">How to write; null = the defaults.</param>
    /// <param name="cancellation">Looked at before every step and every 256 tokens of the prompt.</param>
    /// <exception cref="ArgumentException">The options cannot be used, or a token is not in the vocabulary.</exception>
    /// <exception cref="PromptTooLongException">The prompt is longer than the context.</exception>
    public IEnumerable<GeneratedPiece> Stream(IReadOnlyList<int> prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new GenerationOptions();
        Require(options);
        var tokens = _prompts.Check(prompt, Context);
        return Run(tokens, options, cancellation);
    }

    /// <summary>The whole text at once.</summary>
    /// <inheritdoc cref="Stream(string, GenerationOptions?, CancellationToken)"/>
    public GeneratedText Generate(string prompt, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        GeneratedText.From([.. Stream(prompt, options, cancellation)]);

    /// <summary>Writes on from several prompts side by side. Every text is the same as if it were generated alone.</summary>
    /// <param name="prompts">Plain texts of any lengths.</param>
    /// <param name="options">How to write; holds for each.</param>
    /// <param name="atOnce">How many texts are under way at a time: more are faster, and take more memory.</param>
    /// <param name="cancellation">Ends the texts under way; those not begun come back empty.</param>
    /// <returns>A text for each prompt, in order.</returns>
    public IReadOnlyList<GeneratedText> GenerateAll(
        IReadOnlyList<string> prompts, GenerationOptions? options = null, int atOnce = 8, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);
        options ??= new GenerationOptions();
        Require(options);
        List<int[]> tokens = [.. prompts.Select(prompt => _prompts.Check(_prompts.Encode(prompt), Context))];
        return new BatchGeneration(_runner, Begin, options, atOnce).Run(tokens, cancellation);
    }

    /// <summary>As <see cref="Stream(string, GenerationOptions?, CancellationToken)"/>, on a thread of its own.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public IAsyncEnumerable<GeneratedPiece> StreamAsync(string prompt, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        BackgroundStream.Run(stop => Stream(prompt, options, stop), cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _speculators.Dispose();
        _runner.Dispose();
    }

    void Require(GenerationOptions options)
    {
        options.Validate(_model.Config.Vocabulary);
        LogitModels.Require(_model);
        _speculators.Require(options.Speculation);
    }

    IEnumerable<GeneratedPiece> Run(int[] prompt, GenerationOptions options, CancellationToken cancellation)
    {
        using var sequence = _runner.StartSequence();
        foreach (var piece in TextLoop.Run(_runner, Begin(sequence, prompt, options), prompt, cancellation))
            yield return piece;
    }

    RunningText Begin(Sequence sequence, int[] prompt, GenerationOptions options)
    {
        var completion = Continuation.After(_model, prompt, options, new GenerationClock(_time, prompt.Length));
        return new RunningText(_runner, sequence, completion, options.Overflow, _speculators.Start(options));
    }
}
