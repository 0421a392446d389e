using System.Text;

namespace Brickwork.Formats.Tests;

/// <summary>Writes GGUF bytes field by field, true or not.</summary>
sealed class RawGguf
{
    readonly List<byte> _bytes = [];

    public RawGguf(string magic = "GGUF", uint version = 3, ulong tensors = 0, ulong keys = 0) =>
        Put(Encoding.ASCII.GetBytes(magic)).Put(version).Put(tensors).Put(keys);

    public byte[] Bytes => [.. _bytes];

    public RawGguf Put(byte value) => Put([value]);

    public RawGguf Put(uint value) => Put(BitConverter.GetBytes(value));

    public RawGguf Put(ulong value) => Put(BitConverter.GetBytes(value));

    public RawGguf Put(byte[] value)
    {
        _bytes.AddRange(value);
        return this;
    }

    public RawGguf Text(string text) => Put((ulong)Encoding.UTF8.GetByteCount(text)).Put(Encoding.UTF8.GetBytes(text));

    public RawGguf Tensor(string name, ulong[] dimensions, uint type = 0, ulong offset = 0)
    {
        Text(name).Put((uint)dimensions.Length);
        foreach (var dimension in dimensions)
            Put(dimension);
        return Put(type).Put(offset);
    }

    /// <summary>Pads to 32 and adds so many bytes of data.</summary>
    public RawGguf Data(int count) => Put(new byte[(32 - _bytes.Count % 32) % 32 + count]);
}
