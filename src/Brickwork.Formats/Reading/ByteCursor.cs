using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Brickwork.Tensors.Storage;

namespace Brickwork.Formats.Reading;

/// <summary>Reads a file's header in order, little endian; every fault says at which byte and in which entry it stands.</summary>
sealed class ByteCursor(TensorStorage storage, string source)
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public string Source { get; } = source;

    public long Position { get; private set; }

    public long Length => storage.Length;

    public long Remaining => storage.Length - Position;

    /// <summary>What is being read, such as <c>tensor</c>, and its name once known; stands in errors.</summary>
    public (string Kind, string? Name) Entry { get; set; } = ("header", null);

    public ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > Remaining)
            throw Fault(what, $"cut off after {Remaining} bytes by the end of the file", $"{count} bytes");
        var bytes = storage.Bytes(Position, count);
        Position += count;
        return bytes;
    }

    public byte UInt8(string what) => Take(1, what)[0];

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    /// <summary>A number of things that take at least <paramref name="smallest"/> bytes each, so that a lie is seen before memory is taken.</summary>
    public int Count(string what, int smallest)
    {
        var count = UInt64(what);
        var most = (ulong)Math.Min(Remaining / smallest, Array.MaxLength);
        return count <= most ? (int)count : throw Fault(what, $"{count}", $"at most {most}, as {Remaining} bytes follow", 8);
    }

    /// <summary>The bytes of a text: a length of 64 bits, then as many bytes.</summary>
    public ReadOnlySpan<byte> TextBytes(string what) => Take(Count(what, 1), what);

    /// <summary>A text whose invalid bytes become U+FFFD: vocabularies in the wild hold pieces of characters.</summary>
    public string Text(string what) => Encoding.UTF8.GetString(TextBytes(what));

    /// <summary>A text that names something, so it must be valid, present and of sane length.</summary>
    public string Name(string what)
    {
        const int Longest = ushort.MaxValue;
        var start = Position;
        var bytes = TextBytes(what);
        if (bytes.Length is 0 or > Longest)
            throw Fault(what, $"{bytes.Length} bytes long", $"1 to {Longest} bytes", Position - start);
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException cause)
        {
            var shown = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 60)]);
            throw Fault(what, $"'{shown}', which is no valid UTF-8", "UTF-8", Position - start, cause);
        }
    }

    /// <summary>The error for something wrong in what was just read.</summary>
    /// <param name="what">The field.</param>
    /// <param name="found">What it holds.</param>
    /// <param name="expected">What it may hold.</param>
    /// <param name="back">How many bytes before the current position the field starts.</param>
    /// <param name="cause">The exception underneath, if any.</param>
    public CheckpointException Fault(string what, string found, string expected, long back = 0, Exception? cause = null) => new(
        $"{Where(back)}: {what} is {found}; expected {expected}.", NextStep(Length), cause);

    /// <summary>File, byte and entry, for messages.</summary>
    public string Where(long back = 0)
    {
        var offset = (Position - back).ToString(CultureInfo.InvariantCulture);
        return Entry.Name is { } name ? $"{Source}, byte {offset}, {Entry.Kind} '{name}'" : $"{Source}, byte {offset}, {Entry.Kind}";
    }

    public static string NextStep(long length) =>
        $"The file is damaged or was not copied whole: compare its size ({length} bytes) with the original, then download or convert it again.";
}
