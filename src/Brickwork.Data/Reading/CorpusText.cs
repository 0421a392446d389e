using System.Text;
using System.Text.Unicode;

namespace Brickwork.Data.Reading;

/// <summary>The characters of a file; bytes that are no text are an error which names them. Lines end in <c>\n</c>.</summary>
sealed class CorpusText : TextReader
{
    const int BlockSize = 1 << 16;

    readonly SourceFile _file;
    readonly Stream _stream;
    readonly byte[] _bytes = new byte[BlockSize];
    readonly char[] _chars = new char[BlockSize];
    readonly Decoder? _decoder;
    readonly bool _latin;
    int _held, _at, _count;
    long _offset;
    bool _ended, _afterReturn;

    public CorpusText(SourceFile file, TextEncoding encoding)
    {
        _file = file;
        _stream = Opened(file);
        FillBytes();
        var mark = Mark();
        _decoder = mark switch
        {
            2 => new UnicodeEncoding(_bytes[0] == 0xFE, true, throwOnInvalidBytes: true).GetDecoder(),
            4 => new UTF32Encoding(_bytes[0] == 0, true, throwOnInvalidCharacters: true).GetDecoder(),
            _ => null,
        };
        _latin = mark == 0 && encoding == TextEncoding.Latin1;
        Drop(mark);
    }

    public override int Peek() => _at < _count || Decode() ? _chars[_at] : -1;

    public override int Read() => _at < _count || Decode() ? _chars[_at++] : -1;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty || _at == _count && !Decode())
            return 0;
        var length = Math.Min(buffer.Length, _count - _at);
        _chars.AsSpan(_at, length).CopyTo(buffer);
        _at += length;
        return length;
    }

    /// <summary>Appends the rest of the line, without its end, up to a limit.</summary>
    /// <returns>Whether the line, or the piece of it, was followed by anything at all.</returns>
    public bool TryReadLine(StringBuilder line, int limit, out bool complete)
    {
        complete = false;
        var any = false;
        while (_at < _count || Decode())
        {
            any = true;
            var rest = _chars.AsSpan(_at, _count - _at);
            var end = rest.IndexOf('\n');
            var length = Math.Min(end < 0 ? rest.Length : end, limit - line.Length);
            line.Append(rest[..length]);
            _at += length;
            complete = length == end;
            if (complete)
                _at++;
            if (complete || line.Length >= limit)
                return true;
        }
        complete = true;
        return any;
    }

    /// <summary>The plain bytes of a file.</summary>
    public static Stream Opened(SourceFile file) => Guard(file, file.Open);

    /// <summary>A step of reading; what the system or the unpacker refuses becomes our error.</summary>
    public static T Guard<T>(SourceFile file, Func<T> reading)
    {
        try
        {
            return reading();
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new CorpusException($"{file.Name} cannot be read: {cause.Message}", "Check that the file is complete and that you may read it.", cause);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
        base.Dispose(disposing);
    }

    bool Decode()
    {
        _at = _count = 0;
        while (_count == 0)
        {
            FillBytes();
            if (_held == 0)
                return false;
            _count = UnifyLines(DecodeBlock());
        }
        return true;
    }

    int DecodeBlock()
    {
        int read, written;
        if (_decoder is not null)
            (read, written) = DecodeWide();
        else
        {
            if (_bytes.AsSpan(0, _held).IndexOf((byte)0) is var zero and >= 0)
                throw NoText(_offset + zero, "is 0, which no text holds");
            if (_latin)
                read = written = Latin();
            else if (Utf8.ToUtf16(_bytes.AsSpan(0, _held), _chars, out read, out written, replaceInvalidSequences: false, isFinalBlock: _ended)
                is System.Buffers.OperationStatus.InvalidData or System.Buffers.OperationStatus.NeedMoreData && (written == 0 || _ended))
                throw NoText(_offset + read, $"(0x{_bytes[read]:X2}) is no UTF-8");
        }
        Drop(read);
        return written;
    }

    (int Read, int Written) DecodeWide()
    {
        try
        {
            _decoder!.Convert(_bytes, 0, _held, _chars, 0, _chars.Length, _ended, out var read, out var written, out _);
            return (read, written);
        }
        catch (DecoderFallbackException cause)
        {
            throw NoText(_offset + Math.Max(0, cause.Index), "cannot be decoded as the file's byte order mark says", cause);
        }
    }

    int Latin()
    {
        for (var i = 0; i < _held; i++)
            _chars[i] = (char)_bytes[i];
        return _held;
    }

    // Writes \n for \r\n and for a lone \r, across blocks.
    int UnifyLines(int count)
    {
        if (!_afterReturn && _chars.AsSpan(0, count).IndexOf('\r') < 0)
            return count;
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var letter = _chars[i];
            if (!(letter == '\n' && _afterReturn))
                _chars[kept++] = letter == '\r' ? '\n' : letter;
            _afterReturn = letter == '\r';
        }
        return kept;
    }

    int Mark() => _bytes.AsSpan(0, _held) switch
    {
        [0xEF, 0xBB, 0xBF, ..] => 3,
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => 4,
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => 2,
        _ => 0,
    };

    void FillBytes()
    {
        while (_held < BlockSize && !_ended)
        {
            var read = Guard(_file, () => _stream.Read(_bytes, _held, BlockSize - _held));
            _ended = read == 0;
            _held += read;
        }
    }

    void Drop(int read)
    {
        _bytes.AsSpan(read, _held - read).CopyTo(_bytes);
        _held -= read;
        _offset += read;
    }

    CorpusException NoText(long at, string what, Exception? cause = null) => new(
        $"{_file.Name} is not the text it should be: byte {at} {what}.",
        "Convert it (iconv -f ENCODING -t UTF-8), set the source's encoding to latin1, or leave the file out.", cause);
}
