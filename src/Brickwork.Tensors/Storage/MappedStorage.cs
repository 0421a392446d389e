using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Brickwork.Tensors.Storage;

/// <summary>A file seen as memory. Pages come in when they are first read and belong to the system's cache.</summary>
sealed unsafe partial class MappedStorage : TensorStorage
{
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;

    MappedStorage(MemoryMappedFile file, MemoryMappedViewAccessor view, byte* start, long length) : base(start, length)
    {
        _file = file;
        _view = view;
    }

    /// <summary>Maps a whole file for reading.</summary>
    /// <exception cref="IOException">The file cannot be opened, or is empty.</exception>
    public static MappedStorage Open(string path)
    {
        var length = new FileInfo(path).Length;
        if (length == 0)
            throw new EndOfStreamException($"{path} is empty.");
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        return new MappedStorage(file, view, start + view.PointerOffset, length);
    }

    public override void Release(long offset, long length)
    {
        if (!OperatingSystem.IsLinux())
            return;
        // Whole pages inside the range only: a page shared with a neighbour may still be in use.
        var page = Environment.SystemPageSize;
        var first = (offset + page - 1) / page * page;
        var bytes = (offset + length) / page * page - first;
        if (bytes > 0)
            _ = AdviseMemory((nint)Address(first), (nuint)bytes, DontNeed);
    }

    protected override void FreeMemory(byte* start)
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    const int DontNeed = 4;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseMemory(nint start, nuint length, int advice);
}
