using Brickwork.Data.Batches;

namespace Brickwork;

/// <summary>Batches to learn from and to measure on. The batch of a step depends on nothing but the corpus, the options and the step: to resume is to ask for the next number.</summary>
/// <remarks>One thread at a time: the order of the epoch that was asked for last is kept.</remarks>
public sealed class BatchSource
{
    readonly TokenizedCorpus _corpus;
    readonly BatchOptions _options;
    readonly PackedDomain?[] _domains;
    readonly DomainSchedule _schedule;
    readonly double[] _weights;

    /// <exception cref="CorpusException">A weight is for a domain that is not there, or has nothing to train on.</exception>
    public BatchSource(TokenizedCorpus corpus, BatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Sequences);
        (_corpus, _options) = (corpus, options);
        _weights = Weights();
        _domains = [.. corpus.Domains.Select((domain, index) =>
            _weights[index] > 0 ? new PackedDomain(corpus, domain.Training, options.Length, unchecked(options.Seed * 31 + index)) : null)];
        _schedule = new DomainSchedule(_weights, options.Seed);
    }

    /// <summary>Steps after which as many sequences were read as all domains in use hold together.</summary>
    public long StepsPerEpoch => Math.Max(1, (_domains.Sum(domain => (long)(domain?.Count ?? 0)) + _options.Sequences - 1) / _options.Sequences);

    /// <summary>How often a domain was read through before a step.</summary>
    public double Epochs(string domain, long step)
    {
        var index = _corpus.Domains.ToList().IndexOf(_corpus.Domain(domain));
        return _domains[index] is { } packed ? step * (double)_options.Sequences * _weights[index] / _weights.Sum() / packed.Count : 0;
    }

    /// <summary>The batch of a step, from 0: sequences of one length, in which every token is scored.</summary>
    public TokenBatch Training(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var length = _options.Length;
        var (tokens, targets) = (new int[_options.Sequences * length], new int[_options.Sequences * length]);
        var sequence = new int[length + 1];
        for (var i = 0; i < _options.Sequences; i++)
        {
            var (domain, rank) = _schedule[step * _options.Sequences + i];
            _domains[domain]!.Fill(rank, sequence);
            sequence.AsSpan(0, length).CopyTo(tokens.AsSpan(i * length));
            sequence.AsSpan(1).CopyTo(targets.AsSpan(i * length));
        }
        return new TokenBatch(tokens, targets, [.. Enumerable.Repeat(length, _options.Sequences)]);
    }

    /// <summary>The held-out documents of a domain, in order. Every token of a text is scored once; the end-of-text token before it starts its first sequence and is never scored.</summary>
    /// <param name="domain">Its name.</param>
    /// <param name="documents">How many documents at most; fewer are quicker. Their UTF-8 length is <see cref="HeldOutBytes"/>.</param>
    public IEnumerable<TokenBatch> HeldOut(string domain, int documents = int.MaxValue)
    {
        var (texts, room) = (_corpus.Domain(domain).HeldOut, _options.Sequences * _options.Length);
        var (tokens, targets, lengths) = (new List<int>(room), new List<int>(room), new List<int>());
        for (var document = 0; document < Math.Min(documents, texts.Count); document++)
        {
            var text = new int[texts.Lengths[document]];
            text[0] = _corpus.EndOfText;
            _corpus.Copy(texts.Starts[document], text.AsSpan(1));
            for (var at = 0; at + 1 < text.Length; at += _options.Length)
            {
                var length = Math.Min(_options.Length, text.Length - 1 - at);
                if (tokens.Count + length > room)
                    yield return Take();
                tokens.AddRange(text.AsSpan(at, length));
                targets.AddRange(text.AsSpan(at + 1, length));
                lengths.Add(length);
            }
        }
        if (tokens.Count > 0)
            yield return Take();

        TokenBatch Take()
        {
            var batch = new TokenBatch([.. tokens], [.. targets], [.. lengths]);
            tokens.Clear();
            targets.Clear();
            lengths.Clear();
            return batch;
        }
    }

    /// <summary>The UTF-8 length of the texts that <see cref="HeldOut"/> scores.</summary>
    public long HeldOutBytes(string domain, int documents = int.MaxValue) => _corpus.Domain(domain).HeldOut.BytesOf(documents);

    double[] Weights()
    {
        if (_options.Weights is not { } given)
            return [.. _corpus.Domains.Select(domain => (double)domain.Training.Tokens)];
        foreach (var (name, weight) in given)
        {
            if (weight is not (>= 0 and < double.PositiveInfinity))
                throw new CorpusException($"The weight of the domain '{name}' is {weight}; expected a number of at least 0.", "Leave a domain out to read none of it.");
            if (_corpus.Domain(name).Training.Tokens == 0 && weight > 0)
                throw new CorpusException($"The domain '{name}' has nothing to train on; all of it is held out.", "Hold out a smaller share of it, or leave it out of the weights.");
        }
        return given.Values.Any(weight => weight > 0)
            ? [.. _corpus.Domains.Select(domain => given.GetValueOrDefault(domain.Name))]
            : throw new CorpusException("No domain has a positive weight.", "Give at least one domain a weight.");
    }
}
