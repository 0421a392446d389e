using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Brickwork;

/// <summary>Which documents are kept from training, to be measured on: a pure function of the seed and the document's text.</summary>
public sealed record HeldOutSplit
{
    /// <summary>The share of documents that is held out, where no other is given for the domain.</summary>
    public double Fraction { get; init; } = 0.02;

    /// <summary>The share for single domains.</summary>
    public IReadOnlyDictionary<string, double> FractionOf { get; init; } = new Dictionary<string, double>();

    /// <summary>Another seed holds out other documents.</summary>
    public long Seed { get; init; }

    /// <summary>Whether a document is held out; the same text always goes the same way.</summary>
    public bool Holds(CorpusDocument document)
    {
        var text = Encoding.UTF8.GetBytes(document.Text);
        Span<byte> seed = stackalloc byte[8];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(seed, Seed);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(seed);
        hash.AppendData(text);
        hash.GetHashAndReset(digest);
        var draw = (BinaryPrimitives.ReadUInt64LittleEndian(digest) >> 11) * (1.0 / (1UL << 53));
        return draw < FractionOf.GetValueOrDefault(document.Domain, Fraction);
    }

    internal void Check()
    {
        foreach (var fraction in FractionOf.Values.Append(Fraction))
        {
            if (fraction is not (>= 0 and < 1))
                throw new ArgumentOutOfRangeException(nameof(Fraction), fraction, "A share that is held out is at least 0 and less than 1.");
        }
    }
}
