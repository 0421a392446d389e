using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Brickwork.Formats.Reading;

namespace Brickwork.Formats.Gguf;

/// <summary>Reads the keys and values of a GGUF header.</summary>
static class GgufMetadataReader
{
    // A key of one byte and a value of one byte: nothing smaller can stand in a file.
    public const int SmallestEntry = 8 + 1 + 4 + 1;

    public static Metadata Read(ByteCursor cursor, int count)
    {
        var metadata = new Metadata(cursor.Source);
        for (var i = 0; i < count; i++)
        {
            cursor.Entry = ($"metadata key {i + 1} of {count}", null);
            var key = cursor.Name("the key");
            cursor.Entry = ("metadata", key);
            if (metadata.Contains(key))
                throw cursor.Fault("the key", "there twice", "every key once");
            metadata.Set(key, ReadValue(cursor));
        }
        return metadata;
    }

    static MetadataValue ReadValue(ByteCursor cursor)
    {
        var type = ReadType(cursor, "the type");
        return type == MetadataType.Array ? ReadArray(cursor) : new MetadataValue(type, ReadScalar(cursor, type));
    }

    static MetadataType ReadType(ByteCursor cursor, string what)
    {
        var id = cursor.UInt32(what);
        return id <= (uint)MetadataType.Float64 ? (MetadataType)id : throw cursor.Fault(what, $"{id}", "0 to 12", 4);
    }

    static object ReadScalar(ByteCursor cursor, MetadataType type)
    {
        const string Value = "the value";
        return type switch
        {
            MetadataType.UInt8 => cursor.UInt8(Value),
            MetadataType.Int8 => (sbyte)cursor.UInt8(Value),
            MetadataType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(cursor.Take(2, Value)),
            MetadataType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(cursor.Take(2, Value)),
            MetadataType.UInt32 => cursor.UInt32(Value),
            MetadataType.Int32 => (int)cursor.UInt32(Value),
            MetadataType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(cursor.Take(4, Value)),
            MetadataType.Boolean => ReadBoolean(cursor),
            MetadataType.String => cursor.Text(Value),
            MetadataType.UInt64 => cursor.UInt64(Value),
            MetadataType.Int64 => (long)cursor.UInt64(Value),
            _ => BinaryPrimitives.ReadDoubleLittleEndian(cursor.Take(8, Value)),
        };
    }

    static bool ReadBoolean(ByteCursor cursor) => cursor.UInt8("the value") switch
    {
        0 => false,
        1 => true,
        var other => throw cursor.Fault("the truth value", $"{other}", "0 or 1", 1),
    };

    static MetadataValue ReadArray(ByteCursor cursor)
    {
        var type = ReadType(cursor, "the type of the elements");
        if (type == MetadataType.Array)
            throw new UnsupportedModelException($"{cursor.Where(4)}: the value is an array of arrays; expected an array of numbers, truth values or texts.",
                "Convert the model again without this key.");
        return new MetadataValue(type, type switch
        {
            MetadataType.UInt8 => ReadNumbers<byte>(cursor),
            MetadataType.Int8 => ReadNumbers<sbyte>(cursor),
            MetadataType.UInt16 => ReadNumbers<ushort>(cursor),
            MetadataType.Int16 => ReadNumbers<short>(cursor),
            MetadataType.UInt32 => ReadNumbers<uint>(cursor),
            MetadataType.Int32 => ReadNumbers<int>(cursor),
            MetadataType.Float32 => ReadNumbers<float>(cursor),
            MetadataType.Boolean => ReadBooleans(cursor),
            MetadataType.String => ReadTexts(cursor),
            MetadataType.UInt64 => ReadNumbers<ulong>(cursor),
            MetadataType.Int64 => ReadNumbers<long>(cursor),
            _ => ReadNumbers<double>(cursor),
        });
    }

    // The bytes are taken as they are: every machine .NET 10 runs this engine on is little endian.
    static T[] ReadNumbers<T>(ByteCursor cursor) where T : unmanaged
    {
        var size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        var count = cursor.Count("the number of elements", size);
        if ((long)count * size > int.MaxValue)
            throw cursor.Fault("the number of elements", $"{count}", "at most 2 GB of them", 8);
        return MemoryMarshal.Cast<byte, T>(cursor.Take(count * size, "the elements")).ToArray();
    }

    static bool[] ReadBooleans(ByteCursor cursor)
    {
        var flags = new bool[cursor.Count("the number of elements", 1)];
        for (var i = 0; i < flags.Length; i++)
            flags[i] = ReadBoolean(cursor);
        return flags;
    }

    static string[] ReadTexts(ByteCursor cursor)
    {
        const int LargestVocabulary = 1 << 20;
        var count = cursor.Count("the number of elements", sizeof(ulong));
        var texts = new List<string>(Math.Min(count, LargestVocabulary));
        for (var i = 0; i < count; i++)
            texts.Add(cursor.Text("an element"));
        return [.. texts];
    }
}
