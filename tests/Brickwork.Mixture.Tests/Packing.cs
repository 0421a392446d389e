using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Brickwork.Mixture.Tests;

/// <summary>Makes the packed forms that the readers take apart.</summary>
static class Packing
{
    public static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    public static byte[] ZLib(ReadOnlySpan<byte> value)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZLibStream(bytes, CompressionLevel.Optimal))
            zip.Write(value);
        return bytes.ToArray();
    }

    public static byte[] BigEndian(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    public static byte[] LittleEndian(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
