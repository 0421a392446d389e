namespace Brickwork;

/// <summary>The tokenized documents of a domain.</summary>
public sealed class DomainTexts
{
    internal DomainTexts(string name, TokenizedDocuments training, TokenizedDocuments heldOut, int duplicates) =>
        (Name, Training, HeldOut, Duplicates) = (name, training, heldOut, duplicates);

    /// <summary>What the texts are called.</summary>
    public string Name { get; }

    /// <summary>What is learnt from.</summary>
    public TokenizedDocuments Training { get; }

    /// <summary>What is measured on.</summary>
    public TokenizedDocuments HeldOut { get; }

    /// <summary>How many documents were taken out because an earlier one says nearly the same.</summary>
    public int Duplicates { get; }
}

/// <summary>Documents as tokens, each with the end-of-text token behind it.</summary>
public sealed class TokenizedDocuments
{
    internal TokenizedDocuments(IReadOnlyList<Data.Tokens.TokenSpan> spans)
    {
        Starts = [.. spans.Select(span => span.Start)];
        Lengths = [.. spans.Select(span => span.Length)];
        Tokens = spans.Sum(span => (long)span.Length);
        Sizes = [.. spans.Select(span => span.Bytes)];
    }

    /// <summary>How many documents.</summary>
    public int Count => Starts.Length;

    /// <summary>How many tokens, end-of-text tokens included.</summary>
    public long Tokens { get; }

    /// <summary>The UTF-8 length of the texts.</summary>
    public long Bytes => BytesOf(Count);

    internal long[] Starts { get; }

    internal int[] Lengths { get; }

    int[] Sizes { get; }

    internal long BytesOf(int documents) => Sizes.Take(documents).Sum(size => (long)size);
}
