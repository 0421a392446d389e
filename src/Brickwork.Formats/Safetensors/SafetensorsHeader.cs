using System.Text.Json;
using Brickwork.Formats.Reading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Formats.Safetensors;

/// <summary>A tensor and where its bytes start and end, counted from the end of the header (when read) or the start of the file (once placed).</summary>
readonly record struct SafetensorsEntry(TensorInfo Info, long Start, long End);

/// <summary>Reads the header of a safetensors file: a length of 64 bits, then as many bytes of JSON.</summary>
sealed class SafetensorsHeader
{
    /// <summary>The limit that the format's own library has.</summary>
    public const int LargestHeader = 100_000_000;

    const int MostNumbers = 32;
    const string MetadataName = "__metadata__";
    static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    readonly string _source;
    readonly List<SafetensorsEntry> _entries = [];
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    readonly Metadata _metadata;

    SafetensorsHeader(string source)
    {
        _source = source;
        _metadata = new Metadata(source);
    }

    /// <summary>Reads and checks the header.</summary>
    /// <returns>The entries of <c>__metadata__</c>, and the tensors by offset, counted from the start of the file.</returns>
    public static (Metadata Metadata, List<SafetensorsEntry> Entries) Read(TensorStorage storage, string source)
    {
        var cursor = new ByteCursor(storage, source);
        var length = cursor.UInt64("the length of the header");
        if (length > (ulong)Math.Min(LargestHeader, cursor.Remaining))
            throw cursor.Fault("the length of the header", $"{length}", $"at most {Math.Min(LargestHeader, cursor.Remaining)}", 8);
        var json = cursor.Take((int)length, "the header");
        if (json.Length < 2 || json[0] != (byte)'{')
            throw cursor.Fault("the header", $"{json.Length} bytes that do not begin with '{{'", "a JSON object", json.Length);
        var header = new SafetensorsHeader(source);
        try
        {
            header.ReadJson(json);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            // The reader raises InvalidOperationException where a text is no valid UTF-8 or UTF-16.
            throw cursor.Fault("the header", $"no valid JSON ({cause.Message})", "JSON in UTF-8", json.Length, cause);
        }
        return (header._metadata, SafetensorsLayout.Place(header._entries, cursor.Position, cursor.Length, source));
    }

    void ReadJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!_names.Add(name))
                throw Fault(name, "is there twice", "every name once");
            reader.Read();
            if (name == MetadataName)
                ReadMetadata(ref reader);
            else
                _entries.Add(ReadEntry(ref reader, name));
        }
        while (reader.Read())
        {
            // Only white space may follow; anything else makes the reader throw.
        }
    }

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, MetadataName, "an object of texts");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            Expect(ref reader, JsonTokenType.String, $"{MetadataName}.{key}", "a text");
            _metadata.Set(key, reader.GetString()!);
        }
    }

    SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartObject, name, "an object with dtype, shape and data_offsets");
        string? type = null;
        ulong[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, name, "a text as dtype");
                    type = reader.GetString();
                    break;
                case "shape" when shape is null: shape = ReadNumbers(ref reader, name, field); break;
                case "data_offsets" when offsets is null: offsets = ReadNumbers(ref reader, name, field); break;
                default: throw Fault(name, $"has the field '{field}' again or for no known reason", "dtype, shape and data_offsets, once each");
            }
        }
        if (type is null || shape is null || offsets is not [var start, var end])
            throw Fault(name, "lacks a field or has not two data_offsets", "dtype, shape and data_offsets [start, end]");
        return SafetensorsLayout.Check(name, type, shape, start, end, _source);
    }

    ulong[] ReadNumbers(ref Utf8JsonReader reader, string name, string field)
    {
        Expect(ref reader, JsonTokenType.StartArray, name, $"an array as {field}");
        var numbers = new List<ulong>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt64(out var number))
                throw Fault(name, $"has something else in {field}", "whole numbers from 0 on");
            if (numbers.Count == MostNumbers)
                throw Fault(name, $"has more than {MostNumbers} numbers in {field}", "fewer");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    void Expect(ref Utf8JsonReader reader, JsonTokenType type, string name, string expected)
    {
        if (reader.TokenType != type)
            throw Fault(name, $"has {reader.TokenType}", expected);
    }

    CheckpointException Fault(string name, string found, string expected) => SafetensorsLayout.Fault(_source, name, found, expected);
}
