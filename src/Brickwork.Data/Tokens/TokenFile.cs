using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Brickwork.Tensors.Storage;

namespace Brickwork.Data.Tokens;

/// <summary>A document in a token file.</summary>
/// <param name="Start">The index of its first token.</param>
/// <param name="Length">Its tokens, the end-of-text token included.</param>
/// <param name="Bytes">Its text's length in UTF-8.</param>
/// <param name="Domain">The index of its domain.</param>
/// <param name="HeldOut">Whether it is kept from training.</param>
readonly record struct TokenSpan(long Start, int Length, int Bytes, int Domain, bool HeldOut);

/// <summary>What stands at the front of a token file.</summary>
/// <param name="Key">SHA-256 of everything the tokens were made from.</param>
/// <param name="Vocabulary">How many tokens the tokenizer had.</param>
/// <param name="EndOfText">The token behind every document.</param>
/// <param name="Tokens">How many tokens follow.</param>
/// <param name="Documents">How many entries the table of documents has.</param>
/// <param name="Domains">How many names follow the table.</param>
readonly record struct TokenFileHeader(byte[] Key, int Vocabulary, int EndOfText, long Tokens, long Documents, int Domains)
{
    /// <summary>Two bytes a token where the ids fit.</summary>
    public int TokenSize => Vocabulary <= 1 << 16 ? 2 : 4;
}

/// <summary>Tokens on disk: header, tokens, a table of documents, the names of the domains, and the SHA-256 of all that.</summary>
static class TokenFile
{
    public const int HeaderSize = 128, SpanSize = 24, HashSize = SHA256.HashSizeInBytes;
    const string Again = "Delete the file; it is made again from the texts.";

    static ReadOnlySpan<byte> Magic => "BRKTOK1\0"u8;

    public static byte[] Write(TokenFileHeader header)
    {
        var bytes = new byte[HeaderSize];
        Magic.CopyTo(bytes);
        header.Key.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), header.Vocabulary);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(44), header.EndOfText);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), header.Tokens);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), header.Documents);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(64), header.Domains);
        return bytes;
    }

    public static void Write(TokenSpan span, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, span.Start);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], span.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], span.Bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], span.Domain);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], span.HeldOut ? 1 : 0);
    }

    /// <summary>The key of a file, or null where it is no token file.</summary>
    public static byte[]? TryReadKey(string path)
    {
        if (!File.Exists(path))
            return null;
        using var file = File.OpenHandle(path);
        var bytes = new byte[40];
        return RandomAccess.Read(file, bytes, 0) == bytes.Length && bytes.AsSpan(0, 8).SequenceEqual(Magic) ? bytes[8..] : null;
    }

    /// <exception cref="CorpusException">The bytes are no token file, or were changed.</exception>
    public static TokenFileHeader ReadHeader(string path, TensorStorage storage)
    {
        if (storage.Length < HeaderSize + HashSize || !storage.Bytes(0, 8).SequenceEqual(Magic))
            throw new CorpusException($"{path} is no file of tokens.", Again);
        var bytes = storage.Bytes(0, HeaderSize);
        var header = new TokenFileHeader(bytes.Slice(8, 32).ToArray(), BinaryPrimitives.ReadInt32LittleEndian(bytes[40..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[44..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[64..]));
        if (!Hash(storage).AsSpan().SequenceEqual(storage.Bytes(storage.Length - HashSize, HashSize)))
            throw new CorpusException($"{path} is damaged: its bytes do not have the hash that stands at its end.", Again);
        return header;
    }

    public static TokenSpan ReadSpan(TensorStorage storage, in TokenFileHeader header, long document)
    {
        var bytes = storage.Bytes(HeaderSize + header.Tokens * header.TokenSize + document * SpanSize, SpanSize);
        return new TokenSpan(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]) != 0);
    }

    /// <summary>The names of the domains, and how many near-duplicates were taken out of each.</summary>
    public static (string Name, int Duplicates)[] ReadDomains(TensorStorage storage, in TokenFileHeader header)
    {
        var start = HeaderSize + header.Tokens * header.TokenSize + header.Documents * SpanSize;
        using var reader = new BinaryReader(new MemoryStream(storage.Bytes(start, (int)(storage.Length - HashSize - start)).ToArray()), Encoding.UTF8);
        var domains = new (string, int)[header.Domains];
        for (var i = 0; i < domains.Length; i++)
            domains[i] = (reader.ReadString(), reader.ReadInt32());
        return domains;
    }

    static byte[] Hash(TensorStorage storage)
    {
        const int Block = 1 << 20;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0, end = storage.Length - HashSize; at < end; at += Block)
            hash.AppendData(storage.Bytes(at, (int)Math.Min(Block, end - at)));
        return hash.GetHashAndReset();
    }
}
