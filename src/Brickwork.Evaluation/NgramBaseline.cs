using Brickwork.Evaluation.Baselines;

namespace Brickwork;

/// <summary>How well counts of short runs of tokens predict the held-out texts of a domain.</summary>
/// <param name="Domain">Its name.</param>
/// <param name="Documents">The held-out documents.</param>
/// <param name="Bytes">Their UTF-8 length.</param>
/// <param name="Bits">The surprise at all of them.</param>
public readonly record struct BaselineScore(string Domain, int Documents, long Bytes, double Bits)
{
    /// <summary>The surprise per byte of text.</summary>
    public double BitsPerByte => Bits / Bytes;
}

/// <summary>A modified Kneser–Ney model as a measure beside a trained one: same tokens, same split.</summary>
/// <remarks>Chen and Goodman 1999. It needs about 100 bytes of memory for each training token, and some minutes for fifty million.</remarks>
public static class NgramBaseline
{
    /// <summary>Counts the training texts of all domains together and scores the held-out ones domain by domain.</summary>
    /// <param name="corpus">The tokens.</param>
    /// <param name="order">The length of the longest run.</param>
    public static IReadOnlyList<BaselineScore> Measure(TokenizedCorpus corpus, int order = 5)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        var texts = corpus.Domains.Select(domain => HeldOut(corpus, domain.HeldOut)).ToArray();
        var model = new KneserNey(Training(corpus), texts.SelectMany(text => text), order, corpus.VocabularySize);
        return [.. corpus.Domains.Select((domain, index) => new BaselineScore(domain.Name, domain.HeldOut.Count, domain.HeldOut.Bytes, texts[index].Sum(model.Bits)))];
    }

    // Each behind an end-of-text token and without its own, as a model sees and scores them.
    static int[][] HeldOut(TokenizedCorpus corpus, TokenizedDocuments documents) => [.. Enumerable.Range(0, documents.Count).Select(document =>
    {
        var text = new int[documents.Lengths[document]];
        text[0] = corpus.EndOfText;
        corpus.Copy(documents.Starts[document], text.AsSpan(1));
        return text;
    })];

    static int[] Training(TokenizedCorpus corpus)
    {
        var tokens = new int[1 + corpus.Domains.Sum(domain => domain.Training.Tokens)];
        tokens[0] = corpus.EndOfText;
        var at = 1;
        foreach (var documents in corpus.Domains.Select(domain => domain.Training))
        {
            for (var document = 0; document < documents.Count; document++)
            {
                corpus.Copy(documents.Starts[document], tokens.AsSpan(at, documents.Lengths[document]));
                at += documents.Lengths[document];
            }
        }
        return tokens;
    }
}
