using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Brickwork.Formats.Writing;

namespace Brickwork.Data.Tokens;

/// <summary>Writes a token file document by document; it appears under its name when it is complete.</summary>
sealed class TokenFileWriter : IDisposable
{
    readonly AtomicFile _file;
    readonly TokenFileHeader _header;
    readonly List<TokenSpan> _spans = [];
    readonly byte[] _buffer = new byte[1 << 20];
    int _held;
    long _written = TokenFile.HeaderSize, _tokens;

    public TokenFileWriter(string path, TokenFileHeader header)
    {
        _header = header;
        _file = new AtomicFile(path, ExistingFiles.Replace);
    }

    public void Add(ReadOnlySpan<int> tokens, int bytes, int domain, bool heldOut)
    {
        _spans.Add(new TokenSpan(_tokens, tokens.Length + 1, bytes, domain, heldOut));
        foreach (var token in tokens)
            Write(token);
        Write(_header.EndOfText);
    }

    public void Commit(IReadOnlyList<(string Name, int Duplicates)> domains)
    {
        Flush();
        WriteTable();
        using (var names = new MemoryStream())
        {
            using var writer = new BinaryWriter(names, Encoding.UTF8);
            foreach (var (name, duplicates) in domains)
            {
                writer.Write(name);
                writer.Write(duplicates);
            }
            writer.Flush();
            Write(names.ToArray());
        }
        var header = TokenFile.Write(_header with { Tokens = _tokens, Documents = _spans.Count, Domains = domains.Count });
        _file.Write(header, 0);
        WriteHash();
        _file.Seal();
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    void Write(int token)
    {
        if (_held + 4 > _buffer.Length)
            Flush();
        if (_header.TokenSize == 2)
            BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(_held), (ushort)token);
        else
            BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_held), token);
        _held += _header.TokenSize;
        _tokens++;
    }

    void WriteTable()
    {
        foreach (var span in _spans)
        {
            if (_held + TokenFile.SpanSize > _buffer.Length)
                Flush();
            TokenFile.Write(span, _buffer.AsSpan(_held));
            _held += TokenFile.SpanSize;
        }
        Flush();
    }

    void Flush()
    {
        Write(_buffer.AsSpan(0, _held));
        _held = 0;
    }

    void Write(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes, _written);
        _written += bytes.Length;
    }

    // The header is known last and stands first, so the hash is taken from what was written.
    void WriteHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < _written;)
        {
            var read = _file.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, _written - at)), at);
            hash.AppendData(_buffer, 0, read);
            at += read;
        }
        Write(hash.GetHashAndReset());
    }
}
