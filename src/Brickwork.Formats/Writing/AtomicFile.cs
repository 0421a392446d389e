using Microsoft.Win32.SafeHandles;

namespace Brickwork.Formats.Writing;

/// <summary>A file that appears under its name only when it is complete: written beside it, flushed, renamed.</summary>
/// <remarks>Disposing it before <see cref="Commit"/> removes what was written.</remarks>
sealed class AtomicFile : IDisposable
{
    const int FileTooLong = 27;

    readonly string _temporary;
    readonly ExistingFiles _existing;
    readonly SafeFileHandle _handle;
    bool _committed;

    /// <exception cref="CheckpointException">The file exists and may not be replaced, or cannot be created.</exception>
    public AtomicFile(string path, ExistingFiles existing)
    {
        Path = path;
        _existing = existing;
        _temporary = AtomicPath.Temporary(path);
        AtomicPath.Check(path, existing);
        AtomicPath.RemoveLeftovers(path);
        _handle = AtomicPath.Writing(path, () => File.OpenHandle(_temporary, FileMode.CreateNew, FileAccess.ReadWrite));
    }

    public string Path { get; }

    /// <summary>Sets the length at once; what is never written reads as zeros.</summary>
    public void Resize(long length) => AtomicPath.Writing(Path, () =>
    {
        try
        {
            RandomAccess.SetLength(_handle, length);
        }
        catch (ArgumentOutOfRangeException cause)
        {
            // Which is what the runtime says where the system allows no file as long.
            throw new IOException(cause.Message, FileTooLong);
        }
    });

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (IOException cause)
        {
            throw AtomicPath.Refused(Path, cause);
        }
    }

    /// <summary>Reads back what was written.</summary>
    /// <returns>How many bytes were read.</returns>
    public int Read(Span<byte> bytes, long offset)
    {
        try
        {
            return RandomAccess.Read(_handle, bytes, offset);
        }
        catch (IOException cause)
        {
            throw AtomicPath.Refused(Path, cause);
        }
    }

    /// <summary>Makes the bytes durable and closes the file; it still has its temporary name.</summary>
    public void Seal()
    {
        AtomicPath.Writing(Path, () => RandomAccess.FlushToDisk(_handle));
        _handle.Dispose();
    }

    /// <summary>Gives a sealed file its name.</summary>
    public void Commit()
    {
        AtomicPath.Check(Path, _existing);
        AtomicPath.Writing(Path, () => File.Move(_temporary, Path, _existing == ExistingFiles.Replace));
        _committed = true;
    }

    /// <summary>Writes a whole small file.</summary>
    public static void WriteAll(string path, ReadOnlySpan<byte> bytes, ExistingFiles existing)
    {
        using var file = new AtomicFile(path, existing);
        file.Write(bytes, 0);
        file.Seal();
        file.Commit();
    }

    public void Dispose()
    {
        _handle.Dispose();
        if (!_committed)
            File.Delete(_temporary);
    }
}
