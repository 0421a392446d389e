using System.IO.MemoryMappedFiles;

namespace Brickwork.Tensors.Storage;

/// <summary>A file seen as memory. Pages come in when they are first read and belong to the system's cache.</summary>
sealed unsafe class MappedStorage : TensorStorage
{
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;

    MappedStorage(string path, MemoryMappedFile file, MemoryMappedViewAccessor view, byte* start, long length) : base(start, length)
    {
        Path = path;
        _file = file;
        _view = view;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Maps a whole file for reading.</summary>
    /// <exception cref="IOException">The file cannot be opened, or is empty.</exception>
    public static MappedStorage Open(string path)
    {
        // The length of what was opened: a name may be a link, which has a length of its own.
        var handle = File.OpenHandle(path);
        var length = RandomAccess.GetLength(handle);
        if (length == 0)
        {
            handle.Dispose();
            throw new EndOfStreamException($"{path} is empty.");
        }
        var file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        return new MappedStorage(path, file, view, start + view.PointerOffset, length);
    }

    public override void Release(long offset, long length) => MemoryAdvice.Give(Address(offset), length, MemoryAdvice.NotNeeded);

    protected override void FreeMemory(byte* start)
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
