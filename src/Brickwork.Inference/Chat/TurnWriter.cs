using Brickwork.Inference.Generation;
using Brickwork.Inference.Speculation;

namespace Brickwork.Inference.Chat;

/// <summary>Writes the model's next turn. What one prompt has in common with the one before is not read again.</summary>
sealed class TurnWriter : IDisposable
{
    readonly LanguageModel _model;
    readonly ModelRunner _runner;
    readonly ChatPrompt _prompt;
    readonly PromptEncoder _encoder;
    readonly TimeProvider _time;
    readonly SpeculatorPool _speculators;

    /// <summary>Prepares the model.</summary>
    /// <exception cref="ArgumentException">The defaults cannot be used.</exception>
    /// <exception cref="UnsupportedModelException">The model gives embeddings, or cannot be speculated for as the defaults say.</exception>
    internal TurnWriter(LanguageModel model, GenerationOptions defaults, RunnerOptions? options, TimeProvider? time)
    {
        defaults.Validate(model.Config.Vocabulary);
        LogitModels.Require(model);
        _model = model;
        _runner = model.CreateRunner(options);
        _prompt = new ChatPrompt(model);
        _encoder = new PromptEncoder(model);
        _time = time ?? TimeProvider.System;
        _speculators = new SpeculatorPool(model, options ?? new RunnerOptions(), _time);
        Sequence = _runner.StartSequence();
        try
        {
            _speculators.Require(defaults.Speculation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal int Context => _runner.Context;

    /// <summary>What the model remembers.</summary>
    internal Sequence Sequence { get; private set; }

    internal int[] Encode(IReadOnlyList<ChatTurn> turns) => _prompt.Encode(turns);

    /// <summary>Answers a prompt that <see cref="Encode"/> made.</summary>
    internal IEnumerable<GeneratedPiece> Write(int[] prompt, GenerationOptions options, CancellationToken cancellation)
    {
        prompt = _encoder.Check(prompt, Context);
        var fresh = Reuse(prompt);
        var clock = new GenerationClock(_time, prompt.Length) { ReusedTokens = prompt.Length - fresh.Length };
        var completion = _model.ChatTemplate is null
            ? Continuation.After(_model, prompt, options, clock)
            : Continuation.Apart(_model, prompt, options, clock);
        var text = new RunningText(_runner, Sequence, completion, options.Overflow, _speculators.Start(options));
        return TextLoop.Run(_runner, text, fresh, cancellation);
    }

    internal void Load(Stream stream)
    {
        var loaded = _runner.LoadSequence(stream);
        Sequence.Dispose();
        Sequence = loaded;
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear() => Sequence.TryTruncate(0);

    public void Dispose()
    {
        _speculators.Dispose();
        Sequence.Dispose();
        _runner.Dispose();
    }

    // At least one token has to be fed: its logits are what the answer starts from.
    int[] Reuse(int[] prompt)
    {
        var common = Math.Min(Sequence.Tokens.CommonPrefixLength(prompt), prompt.Length - 1);
        // A family that cannot go back has forgotten everything, so the whole prompt is fed.
        return Sequence.TryTruncate(common) ? prompt[common..] : prompt;
    }
}
