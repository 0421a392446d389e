using System.Buffers.Binary;
using System.Text;

namespace Brickwork.Tokenizers.SentencePiece;

/// <summary>Walks over the fields of a protobuf message.</summary>
ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field just read.</summary>
    public int Field { get; private set; }

    /// <summary>Its bytes, where it is a text or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its value, where it is a number.</summary>
    public ulong Number { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    public readonly float Float => BitConverter.UInt32BitsToSingle((uint)Number);

    public readonly int Int => (int)(long)Number;

    /// <summary>Reads the next field; false at the end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        Bytes = default;
        Number = 0;
        switch (tag & 7)
        {
            case 0: Number = Varint(); break;
            case 1: Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw Damaged();
        }
        return true;
    }

    ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw Damaged();
    }

    ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
            throw Damaged();
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    static CheckpointException Damaged() => Faults.Tokenizer("the SentencePiece model is cut short or is none.");
}
