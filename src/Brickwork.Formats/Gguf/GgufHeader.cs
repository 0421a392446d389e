using System.Runtime.InteropServices;
using System.Text;

namespace Brickwork.Formats.Gguf;

/// <summary>Builds the bytes of a GGUF header, version 3.</summary>
sealed class GgufHeader : IDisposable
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    readonly MemoryStream _bytes = new();
    readonly BinaryWriter _out;

    GgufHeader() => _out = new BinaryWriter(_bytes);

    /// <summary>The header, padded so that the first tensor may follow it.</summary>
    /// <param name="metadata">Keys and values.</param>
    /// <param name="tensors">Tensors and offsets from the start of the data.</param>
    /// <param name="alignment">A power of two.</param>
    public static byte[] Build(IReadOnlyList<KeyValuePair<string, MetadataValue>> metadata, IReadOnlyList<(TensorInfo Info, long Offset)> tensors, int alignment)
    {
        using var header = new GgufHeader();
        header._out.Write(GgufFile.Magic);
        header._out.Write(GgufFile.Version);
        header._out.Write((long)tensors.Count);
        header._out.Write((long)metadata.Count);
        foreach (var (key, value) in metadata)
            header.Write(key, value);
        foreach (var (info, offset) in tensors)
            header.Write(info, offset);
        header._bytes.SetLength((header._bytes.Length + alignment - 1) / alignment * alignment);
        return header._bytes.ToArray();
    }

    public void Dispose() => _out.Dispose();

    void Write(string key, MetadataValue value)
    {
        Name(key);
        if (value.IsArray)
        {
            _out.Write((uint)MetadataType.Array);
            _out.Write((uint)value.Type);
            _out.Write((long)((Array)value.Value).Length);
            Elements(value);
        }
        else
        {
            _out.Write((uint)value.Type);
            Scalar(value);
        }
    }

    void Write(TensorInfo info, long offset)
    {
        if (info.Shape.Count == 0)
            throw new ArgumentException($"Tensor '{info.Name}' is {info.Shape}; GGUF has no tensors without values.", nameof(info));
        Name(info.Name);
        _out.Write(info.Shape.Rank);
        for (var i = info.Shape.Rank - 1; i >= 0; i--)
            _out.Write(info.Shape[i]);
        _out.Write(GgufTypes.IdOf(info.Type));
        _out.Write(offset);
    }

    void Scalar(MetadataValue value)
    {
        switch (value.Type)
        {
            case MetadataType.UInt8: _out.Write((byte)value.Value); break;
            case MetadataType.Int8: _out.Write((sbyte)value.Value); break;
            case MetadataType.UInt16: _out.Write((ushort)value.Value); break;
            case MetadataType.Int16: _out.Write((short)value.Value); break;
            case MetadataType.UInt32: _out.Write((uint)value.Value); break;
            case MetadataType.Int32: _out.Write((int)value.Value); break;
            case MetadataType.Float32: _out.Write((float)value.Value); break;
            case MetadataType.Boolean: _out.Write((bool)value.Value); break;
            case MetadataType.String: Text((string)value.Value); break;
            case MetadataType.UInt64: _out.Write((ulong)value.Value); break;
            case MetadataType.Int64: _out.Write((long)value.Value); break;
            case MetadataType.Float64: _out.Write((double)value.Value); break;
            default: throw new ArgumentException($"GGUF metadata cannot hold {value.Type}.", nameof(value));
        }
    }

    void Elements(MetadataValue value)
    {
        switch (value.Type)
        {
            case MetadataType.UInt8: Numbers<byte>(value); break;
            case MetadataType.Int8: Numbers<sbyte>(value); break;
            case MetadataType.UInt16: Numbers<ushort>(value); break;
            case MetadataType.Int16: Numbers<short>(value); break;
            case MetadataType.UInt32: Numbers<uint>(value); break;
            case MetadataType.Int32: Numbers<int>(value); break;
            case MetadataType.Float32: Numbers<float>(value); break;
            case MetadataType.Boolean: Numbers<bool>(value); break;
            case MetadataType.UInt64: Numbers<ulong>(value); break;
            case MetadataType.Int64: Numbers<long>(value); break;
            case MetadataType.Float64: Numbers<double>(value); break;
            case MetadataType.String:
                foreach (var text in (string[])value.Value)
                    Text(text);
                break;
            default: throw new ArgumentException($"GGUF metadata cannot hold an array of {value.Type}.", nameof(value));
        }
    }

    // An int[] is not a Span<uint> to the runtime, though it may be cast to uint[]; AsSpan would refuse it, a ReadOnlySpan does not.
    void Numbers<T>(MetadataValue value) where T : unmanaged => _out.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>((T[])value.Value)));

    void Name(string name)
    {
        var bytes = Strict.GetBytes(name);
        if (bytes.Length is 0 or > ushort.MaxValue)
            throw new ArgumentException($"GGUF names are 1 to {ushort.MaxValue} bytes long; '{name}' has {bytes.Length}.", nameof(name));
        _out.Write((long)bytes.Length);
        _out.Write(bytes);
    }

    void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _out.Write((long)bytes.Length);
        _out.Write(bytes);
    }
}
