using System.Runtime.InteropServices;
using Brickwork.Data.Tokens;
using Brickwork.Tensors.Storage;

namespace Brickwork;

/// <summary>A corpus as tokens in a file that is mapped into memory: the texts themselves are not held.</summary>
public sealed class TokenizedCorpus : IDisposable
{
    readonly MappedStorage _storage;
    readonly TokenFileHeader _header;

    TokenizedCorpus(string path, MappedStorage storage)
    {
        _storage = storage;
        _header = TokenFile.ReadHeader(path, storage);
        var spans = new List<TokenSpan>[2 * _header.Domains];
        for (var i = 0; i < spans.Length; i++)
            spans[i] = [];
        for (var document = 0L; document < _header.Documents; document++)
        {
            var span = TokenFile.ReadSpan(storage, _header, document);
            spans[2 * span.Domain + (span.HeldOut ? 1 : 0)].Add(span);
        }
        Domains = [.. TokenFile.ReadDomains(storage, _header).Select((domain, index) =>
            new DomainTexts(domain.Name, new TokenizedDocuments(spans[2 * index]), new TokenizedDocuments(spans[2 * index + 1]), domain.Duplicates))];
    }

    /// <summary>The domains, in the order of the corpus.</summary>
    public IReadOnlyList<DomainTexts> Domains { get; }

    /// <summary>How many tokens the tokenizer had.</summary>
    public int VocabularySize => _header.Vocabulary;

    /// <summary>The token behind every document.</summary>
    public int EndOfText => _header.EndOfText;

    /// <summary>SHA-256 of the texts, the tokenizer and the options this was made from.</summary>
    public string Key => Convert.ToHexStringLower(_header.Key);

    /// <summary>Tokenizes a corpus into a file, or opens the file where it was made from the same texts, tokenizer and options.</summary>
    /// <param name="corpus">The texts; near-duplicates go first, then documents are held out.</param>
    /// <param name="tokenizer">Needs an end-of-text token.</param>
    /// <param name="options">What goes and what is held out.</param>
    /// <param name="path">The file; it appears when it is complete, and replaces one that was made from something else.</param>
    /// <param name="documentsDone">Told how many documents were read.</param>
    /// <param name="cancellation">Ends the work between documents; no file is left.</param>
    /// <exception cref="CorpusException">A text cannot be read, or nothing is left to train on.</exception>
    public static TokenizedCorpus Prepare(
        Corpus corpus, Tokenizer tokenizer, PreparationOptions options, string path, IProgress<int>? documentsDone = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options.Check();
        var key = PreparationKey.Of(corpus, tokenizer, options);
        if (TokenFile.TryReadKey(path) is not { } found || !found.AsSpan().SequenceEqual(key))
            new Preparation(corpus, tokenizer, options, documentsDone, cancellation).Run(path, key);
        return Open(path);
    }

    /// <summary>Opens a file that <see cref="Prepare"/> wrote.</summary>
    /// <exception cref="CorpusException">The file is missing, damaged or of another kind.</exception>
    public static TokenizedCorpus Open(string path)
    {
        var storage = Map(path);
        try
        {
            return new TokenizedCorpus(path, storage);
        }
        catch
        {
            storage.Dispose();
            throw;
        }
    }

    /// <summary>The domain of that name.</summary>
    /// <exception cref="CorpusException">There is none.</exception>
    public DomainTexts Domain(string name) => Domains.FirstOrDefault(domain => domain.Name == name)
        ?? throw new CorpusException($"There is no domain '{name}'.", $"The domains are: {string.Join(", ", Domains.Select(domain => domain.Name))}.");

    /// <summary>Raises an error where the tokens are not those of a model.</summary>
    /// <exception cref="CorpusException">The model has fewer tokens than the tokenizer had.</exception>
    public void CheckVocabulary(int modelVocabulary)
    {
        if (modelVocabulary < VocabularySize)
            throw new CorpusException($"The texts were cut into tokens of a vocabulary of {VocabularySize}; the model knows {modelVocabulary}.", "Train with the model's own tokenizer.");
    }

    /// <summary>The held-out texts of a domain, in order, read back from their tokens.</summary>
    /// <param name="domain">Its name.</param>
    /// <param name="tokenizer">The one that made the tokens.</param>
    public IEnumerable<string> HeldOutTexts(string domain, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var texts = Domain(domain).HeldOut;
        for (var document = 0; document < texts.Count; document++)
        {
            var tokens = new int[texts.Lengths[document] - 1];
            Copy(texts.Starts[document], tokens);
            yield return tokenizer.Decode(tokens);
        }
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _storage.Dispose();

    /// <summary>Copies tokens from an index of the file on.</summary>
    internal void Copy(long start, Span<int> tokens)
    {
        var bytes = _storage.Bytes(TokenFile.HeaderSize + start * _header.TokenSize, tokens.Length * _header.TokenSize);
        if (_header.TokenSize == 4)
        {
            MemoryMarshal.Cast<byte, int>(bytes).CopyTo(tokens);
            return;
        }
        var narrow = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (var i = 0; i < narrow.Length; i++)
            tokens[i] = narrow[i];
    }

    static MappedStorage Map(string path)
    {
        try
        {
            return MappedStorage.Open(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"The file of tokens {path} cannot be opened: {cause.Message}", "Check the path; the file is made from the texts by training.", cause);
        }
    }
}
