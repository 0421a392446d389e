using Brickwork.Inference.Sampling;

namespace Brickwork;

/// <summary>Chooses tokens from logits by a chain of small steps. One sampler serves one text and one thread.</summary>
public sealed class Sampler
{
    readonly ILogitStep[] _logitSteps;
    readonly ICandidateStep[] _candidateSteps;
    readonly MirostatStep? _mirostat;
    readonly LogProbabilityReport? _report;
    readonly RecentTokens? _recent;
    readonly Candidates? _candidates;
    readonly float[] _logits;
    int _step;

    /// <summary>Checks the options and sets the chain up.</summary>
    /// <param name="options">How to choose.</param>
    /// <param name="vocabulary">How many logits there will be.</param>
    /// <exception cref="ArgumentException">The options cannot be used; the message names every fault.</exception>
    public Sampler(SamplingOptions options, int vocabulary)
    {
        SamplingFaults.ThrowIfAny(options, vocabulary);
        _logits = new float[vocabulary];
        Plain = new SeededDraw(options.Seed);
        _recent = SamplingChain.NeedsHistory(options) ? new RecentTokens(options.PenaltyWindow) : null;
        _logitSteps = SamplingChain.LogitSteps(options, _recent);
        _candidateSteps = SamplingChain.CandidateSteps(options, vocabulary);
        _mirostat = _candidateSteps.OfType<MirostatStep>().FirstOrDefault();
        _candidates = options.Temperature == 0 ? null : new Candidates(vocabulary);
        _report = options.LogProbabilities is { } top ? new LogProbabilityReport(top, vocabulary) : null;
    }

    /// <summary>How a token is taken where nobody says otherwise.</summary>
    internal SeededDraw Plain { get; }

    /// <summary>Tells the penalties about tokens that were not chosen here: the prompt.</summary>
    public void Observe(ReadOnlySpan<int> tokens)
    {
        if (_recent is null)
            return;
        foreach (var id in tokens)
            _recent.Add(id);
    }

    /// <summary>Forgets all tokens, and counts these as what the penalties have seen.</summary>
    internal void Restart(ReadOnlySpan<int> tokens)
    {
        if (_recent is null)
            return;
        _recent.Clear();
        Observe(tokens[Math.Max(0, tokens.Length - _recent.Window)..]);
    }

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">[V]; left as they are.</param>
    /// <exception cref="CheckpointException">A logit is no number: the weights may be damaged.</exception>
    /// <exception cref="InvalidOperationException">Every token is banned.</exception>
    public SampledToken Next(ReadOnlySpan<float> logits) => Next(logits, Plain);

    /// <summary>The same, where <paramref name="choice"/> takes the token from what the steps leave. Greedy sampling leaves no choice.</summary>
    internal SampledToken Next(ReadOnlySpan<float> logits, ITokenChoice choice)
    {
        if (logits.Length != _logits.Length)
            throw new ArgumentException($"{logits.Length} logits came to a sampler for a vocabulary of {_logits.Length}.", nameof(logits));
        LogitCheck.ThrowIfDamaged(logits, _step++);
        logits.CopyTo(_logits);
        foreach (var step in _logitSteps)
            step.Apply(_logits);

        var id = _candidates is null ? LogitCheck.Highest(_logits) : Choose(_candidates, choice);
        _recent?.Add(id);
        return _report?.Describe(id, logits) ?? new SampledToken(id, null, []);
    }

    int Choose(Candidates candidates, ITokenChoice choice)
    {
        candidates.Load(_logits);
        if (candidates.Count == 0)
            throw LogitCheck.AllBanned();
        foreach (var step in _candidateSteps)
            step.Apply(candidates);

        var rank = choice.Choose(candidates);
        _mirostat?.Observe(candidates.Logit(rank));
        return candidates.Id(rank);
    }
}
