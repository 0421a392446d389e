using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Brickwork.Data.Reading;

namespace Brickwork.Data.Tokens;

/// <summary>The hash of everything that tokens are made from: texts, tokenizer and options.</summary>
static class PreparationKey
{
    const string Version = "1";

    public static byte[] Of(Corpus corpus, Tokenizer tokenizer, PreparationOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Version);
        Add(hash, tokenizer.ToDefinition());
        var split = options.HeldOut;
        Add(hash, string.Create(CultureInfo.InvariantCulture, $"{split.Seed} {split.Fraction:R} {options.Duplicates}"));
        foreach (var (domain, fraction) in split.FractionOf.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            Add(hash, string.Create(CultureInfo.InvariantCulture, $"{domain} {fraction:R}"));
        foreach (var source in corpus.Sources)
            Add(hash, source);
        return hash.GetHashAndReset();
    }

    static void Add(IncrementalHash hash, TokenizerDefinition definition)
    {
        Add(hash, $"{definition.Model} {definition.Pre} {definition.Eos} {definition.Eot} {definition.Unknown} {definition.IgnoreMerges} {definition.AddSpacePrefix}");
        foreach (var text in definition.Tokens.Concat(definition.Merges ?? []))
            Add(hash, text);
        foreach (var score in definition.Scores ?? [])
            Add(hash, score.ToString("R", CultureInfo.InvariantCulture));
        foreach (var type in definition.TokenTypes ?? [])
            Add(hash, type.ToString());
    }

    // What the texts are, not where they lie: a folder may move.
    static void Add(IncrementalHash hash, CorpusSource source)
    {
        Add(hash, $"{source.Domain} {source.Boundary} {source.Encoding} {source.LongestDocument} {source.Template}");
        var block = new byte[1 << 16];
        foreach (var file in SourceFile.Find(source.Path))
        {
            Add(hash, file.Extension);
            using var bytes = CorpusText.Opened(file);
            for (int read; (read = CorpusText.Guard(file, () => bytes.Read(block))) > 0;)
                hash.AppendData(block, 0, read);
        }
    }

    static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
