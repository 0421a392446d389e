namespace Brickwork.Training.Session;

/// <summary>The texts of a plan as batches: those to learn from, by step, and those to measure on, by domain.</summary>
sealed class TrainingData : IDisposable
{
    // A mean over fewer texts says more about them than about the domain.
    const int FewDocuments = 16;
    const int ManyDocuments = 100;

    readonly TokenizedCorpus _corpus;
    readonly BatchSource _batches;
    readonly BatchSource _measures;
    readonly BatchPlan _plan;
    readonly Tokenizer _tokenizer;

    TrainingData(TrainingPlan plan, TokenizedCorpus corpus, Tokenizer tokenizer, int length)
    {
        (_corpus, _plan, _tokenizer) = (corpus, plan.Batch, tokenizer);
        var options = new BatchOptions { Length = length, Sequences = plan.Batch.Sequences, Seed = plan.Seed, Weights = Shares(plan) };
        _batches = new BatchSource(corpus, options);
        _measures = new BatchSource(corpus, options with { Sequences = Micro });
        Key = corpus.Key;
        Steps = plan.Steps ?? StepsFor(plan.Tokens ?? (long)Math.Ceiling(plan.Epochs * _batches.StepsPerEpoch) * plan.Batch.Sequences * length, length);
    }

    /// <summary>The hash of texts, tokenizer and options.</summary>
    public string Key { get; }

    /// <summary>How many steps the plan asks for.</summary>
    public long Steps { get; }

    /// <summary>The domains that have held-out texts.</summary>
    public IEnumerable<string> HeldOutDomains => _corpus.Domains.Where(domain => domain.HeldOut.Count > 0).Select(domain => domain.Name);

    /// <summary>What is to be said of domains of which few documents are held out although there are many.</summary>
    public IEnumerable<string> Warnings =>
        from domain in _corpus.Domains
        where domain.HeldOut.Count is > 0 and < FewDocuments && domain.Training.Count >= ManyDocuments
        select $"Only {domain.HeldOut.Count} of the {domain.HeldOut.Count + domain.Training.Count} documents of '{domain.Name}' are held out, so its measurements are rough. Give it a larger 'heldOut' of its own under 'data'.";

    int Micro => _plan.MicroSequences ?? _plan.Sequences;

    /// <summary>Tokenizes the texts of a plan into a file, or opens the file where nothing has changed.</summary>
    public static TrainingData Open(TrainingPlan plan, LanguageModel model, string file, Action<int> report, CancellationToken cancellation)
    {
        var options = new PreparationOptions
        {
            HeldOut = SplitOf(plan),
            Duplicates = plan.Duplicates,
            Threads = model.Compute.Threads,
        };
        var corpus = TokenizedCorpus.Prepare(CorpusOf(plan), model.Tokenizer, options, file, new Counter(report), cancellation);
        corpus.CheckVocabulary(model.Config.Vocabulary);
        return new TrainingData(plan, corpus, model.Tokenizer, LengthOf(plan, model.Config));
    }

    /// <summary>The texts as they are.</summary>
    public static Corpus CorpusOf(TrainingPlan plan) => new([.. plan.Data.Select(domain => domain.Source)]);

    /// <summary>Which texts are held out.</summary>
    public static HeldOutSplit SplitOf(TrainingPlan plan) => new()
    {
        Fraction = plan.HeldOut,
        FractionOf = plan.Data.Where(domain => domain.HeldOut is not null).DistinctBy(domain => domain.Source.Domain)
            .ToDictionary(domain => domain.Source.Domain, domain => domain.HeldOut!.Value),
        Seed = plan.Seed,
    };

    /// <summary>Tokens of a sequence.</summary>
    public static int LengthOf(TrainingPlan plan, ModelConfig model)
    {
        var most = model.Context - (plan.Brick?.VirtualTokens ?? 0);
        if (most < 2)
            throw new RecipeException($"'brick.tokens' is {plan.Brick!.VirtualTokens}; the model's context of {model.Context} leaves no room for a text.", "Give fewer tokens.");
        return (plan.Batch.Length ?? most) is var length && length <= most ? length
            : throw new RecipeException($"'batch.length' is {length}; the model's context leaves room for {most}.", "Give a shorter length, or leave it out.");
    }

    /// <summary>What a step reads, in pieces that are computed at once.</summary>
    public IReadOnlyList<TokenBatch> Batches(long stepsDone)
    {
        var whole = _batches.Training(stepsDone);
        if (Micro == _plan.Sequences)
            return [whole];
        List<TokenBatch> pieces = [];
        for (var (first, start) = (0, 0); first < whole.Lengths.Length; first += Micro)
        {
            var lengths = whole.Lengths[first..Math.Min(first + Micro, whole.Lengths.Length)];
            var tokens = lengths.Sum();
            pieces.Add(new TokenBatch(whole.Tokens[start..(start + tokens)], whole.Targets[start..(start + tokens)], lengths));
            start += tokens;
        }
        return pieces;
    }

    /// <summary>The surprise of a model at the held-out texts of a domain, as many of them as come to a number of tokens.</summary>
    public DomainMetrics Measure(string domain, int mostTokens, Func<TokenBatch, LossSum> evaluate)
    {
        var sum = new LossSum();
        var bytes = 0L;
        foreach (var batch in _measures.HeldOut(domain))
        {
            var cut = Cut(batch, mostTokens - sum.Tokens);
            sum += evaluate(cut);
            bytes += BytesOf(cut);
            if (sum.Tokens >= mostTokens)
                return new DomainMetrics(sum.Nats, sum.Tokens, bytes);
        }
        return new DomainMetrics(sum.Nats, sum.Tokens, _corpus.Domain(domain).HeldOut.Bytes);
    }

    /// <summary>How a text of each domain begins: a held-out one where there is one.</summary>
    public IEnumerable<string> Beginnings(int tokens)
    {
        foreach (var domain in _corpus.Domains)
        {
            var texts = domain.HeldOut.Count > 0 ? domain.HeldOut : domain.Training;
            var beginning = new int[Math.Min(tokens, texts.Lengths[0])];
            _corpus.Copy(texts.Starts[0], beginning);
            yield return _tokenizer.Decode(beginning);
        }
    }

    public void Dispose() => _corpus.Dispose();

    long StepsFor(long tokens, int length) => Math.Max(1, (tokens + (long)_plan.Sequences * length - 1) / ((long)_plan.Sequences * length));

    long BytesOf(TokenBatch batch) => _tokenizer.DecodeBytes([.. batch.Targets.Where(target => target >= 0)]).Length;

    /// <summary>The first sequences of a batch that hold so many tokens; the last one is cut.</summary>
    static TokenBatch Cut(TokenBatch batch, long tokens)
    {
        if (tokens >= batch.Tokens.Length)
            return batch;
        var (lengths, left) = (new List<int>(), (int)tokens);
        foreach (var length in batch.Lengths)
        {
            if (left == 0)
                break;
            lengths.Add(Math.Min(length, left));
            left -= lengths[^1];
        }
        return new TokenBatch(batch.Tokens[..(int)tokens], batch.Targets[..(int)tokens], [.. lengths]);
    }

    static Dictionary<string, double>? Shares(TrainingPlan plan) => plan.Data.Any(domain => domain.Share is not null)
        ? plan.Data.GroupBy(domain => domain.Source.Domain).ToDictionary(group => group.Key, group => group.Sum(domain => domain.Share ?? 0))
        : null;

    sealed class Counter(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
