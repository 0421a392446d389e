using Brickwork.Tensors.Storage;

namespace Brickwork.Formats.Reading;

/// <summary>A file that is in memory already, such as one embedded in a program.</summary>
static class MemoryFile
{
    /// <summary>A copy of the bytes in memory of its own.</summary>
    public static NativeStorage Of(ReadOnlySpan<byte> bytes)
    {
        var storage = new NativeStorage(bytes.Length);
        bytes.CopyTo(storage.Bytes(0, bytes.Length));
        return storage;
    }
}
