using Brickwork.Kernels.Threading;

namespace Brickwork.Data.Tokens;

/// <summary>One pass over a corpus: near-duplicates out, documents held out, texts to tokens, tokens to a file.</summary>
sealed class Preparation(Corpus corpus, Tokenizer tokenizer, PreparationOptions options, IProgress<int>? documentsDone, CancellationToken cancellation)
{
    // Documents that are tokenized at once; bounds what is in memory.
    const int Batch = 64;

    readonly List<CorpusDocument> _waiting = new(Batch);
    readonly int[][] _tokens = new int[Batch][];
    readonly Dictionary<string, int> _domains = corpus.Domains.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);

    public void Run(string path, byte[] key)
    {
        var end = tokenizer.Eos ?? tokenizer.Eot
            ?? throw new CorpusException("The tokenizer has no end-of-text token, which stands between documents.", "Take a tokenizer with one (tokenizer.ggml.eos_token_id).");
        var duplicates = options.Duplicates is { } rule ? new NearDuplicates(rule) : null;
        using var writer = new TokenFileWriter(path, new TokenFileHeader(key, tokenizer.VocabularySize, end, 0, 0, 0));
        using var team = new ThreadTeam(options.Threads);
        var (done, learnt) = (0, 0L);
        foreach (var document in corpus.Documents())
        {
            cancellation.ThrowIfCancellationRequested();
            if (duplicates?.IsNew(document) ?? true)
                _waiting.Add(document);
            if (_waiting.Count == Batch)
                learnt += Write(writer, team);
            done++;
            documentsDone?.Report(done);
        }
        learnt += Write(writer, team);
        if (learnt == 0)
            throw new CorpusException($"Nothing is left to train on: all of the {done} documents were held out.", "Hold out a smaller share, or cut the texts into more documents (boundary: blankLine).");
        var removed = duplicates?.Found.GroupBy(found => found.Domain).ToDictionary(group => group.Key, group => group.Count()) ?? [];
        writer.Commit([.. corpus.Domains.Select(name => (name, removed.GetValueOrDefault(name)))]);
    }

    // The tokens written for training.
    long Write(TokenFileWriter writer, ThreadTeam team)
    {
        team.Run(_waiting.Count, new Encoding(tokenizer, _waiting, _tokens));
        var learnt = 0L;
        for (var i = 0; i < _waiting.Count; i++)
        {
            var document = _waiting[i];
            var heldOut = options.HeldOut.Holds(document);
            writer.Add(_tokens[i], System.Text.Encoding.UTF8.GetByteCount(document.Text), _domains[document.Domain], heldOut);
            learnt += heldOut ? 0 : _tokens[i].Length;
        }
        _waiting.Clear();
        return learnt;
    }

    readonly struct Encoding(Tokenizer tokenizer, List<CorpusDocument> documents, int[][] tokens) : IParallelJob
    {
        public void Run(int chunk) => tokens[chunk] = tokenizer.Encode(documents[chunk].Text, EncodeOptions.None);
    }
}
