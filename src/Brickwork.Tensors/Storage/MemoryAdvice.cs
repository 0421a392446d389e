using System.Runtime.InteropServices;

namespace Brickwork.Tensors.Storage;

/// <summary>Hints about memory to the system; where it knows none, nothing happens.</summary>
static unsafe partial class MemoryAdvice
{
    /// <summary>The pages will not be needed soon.</summary>
    public const int NotNeeded = 4;

    /// <summary>Large pages are welcome.</summary>
    public const int LargePages = 14;

    /// <summary>Whole pages inside the range only: a page shared with a neighbour may still be in use.</summary>
    public static void Give(byte* start, long length, int advice)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var page = Environment.SystemPageSize;
        var first = ((nint)start + page - 1) / page * page;
        var bytes = ((nint)start + (nint)length) / page * page - first;
        if (bytes > 0)
            _ = Advise(first, (nuint)bytes, advice);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);
}
