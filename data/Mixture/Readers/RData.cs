using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Brickwork.Mixture.Readers;

/// <summary>Vectors of strings in the data base of an R package (.rdb): packed values behind one another, in R's XDR serialization.</summary>
static class RData
{
    const int Strings = 16, HeaderLength = 14;

    /// <summary>The lines of each vector of strings, as one text.</summary>
    public static IEnumerable<string> Texts(string path)
    {
        var bytes = File.ReadAllBytes(path);
        // A value is its length, big-endian, and a zlib stream; the index beside the file is itself in R's form, so they are found by trying.
        for (var at = 0; at + 6 < bytes.Length; at++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            if (bytes[at + 4] == 0x78 && (bytes[at + 4] * 256 + bytes[at + 5]) % 31 == 0 && length is > 1000 and < 1 << 26 && Unpack(bytes.AsSpan(at + 4).ToArray(), length) is { } value)
                yield return string.Join('\n', Lines(value));
        }
    }

    static byte[]? Unpack(byte[] packed, int length)
    {
        var value = new byte[length];
        try
        {
            using var zip = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            zip.ReadExactly(value);
            return value[0] == 'X' && value[1] == '\n' ? value : null;
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException)
        {
            return null;
        }
    }

    static List<string> Lines(byte[] value)
    {
        var lines = new List<string>();
        var version = Number(value, 2);
        var at = version >= 3 ? HeaderLength + 4 + Number(value, HeaderLength) : HeaderLength;
        if ((Number(value, at) & 0xFF) != Strings)
            return lines;
        var count = Number(value, at + 4);
        at += 8;
        for (var i = 0; i < count; i++)
        {
            var length = Number(value, at + 4);
            lines.Add(length > 0 ? Encoding.UTF8.GetString(value, at + 8, length) : "");
            at += 8 + Math.Max(0, length);
        }
        return lines;
    }

    static int Number(byte[] value, int at) => BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(at));
}
