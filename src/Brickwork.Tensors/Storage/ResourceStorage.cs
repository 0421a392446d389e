using System.Reflection;

namespace Brickwork.Tensors.Storage;

/// <summary>A file that an assembly carries inside itself, read in place.</summary>
sealed unsafe class ResourceStorage : TensorStorage
{
    readonly UnmanagedMemoryStream _stream;

    ResourceStorage(UnmanagedMemoryStream stream) : base(stream.PositionPointer, stream.Length) => _stream = stream;

    /// <summary>The resource of that name, or null where the assembly carries none.</summary>
    public static ResourceStorage? TryOpen(Assembly assembly, string name) => assembly.GetManifestResourceStream(name) switch
    {
        UnmanagedMemoryStream stream => new ResourceStorage(stream),
        null => null,
        var other => throw new NotSupportedException($"The resource '{name}' is a {other.GetType().Name}, not memory."),
    };

    protected override void FreeMemory(byte* start) => _stream.Dispose();
}
