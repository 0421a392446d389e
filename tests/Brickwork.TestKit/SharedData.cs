namespace Brickwork.TestKit;

/// <summary>Data sets that lie beside the repository on a developer's machine. A test that needs one is skipped, and counted, elsewhere.</summary>
public static class SharedData
{
    /// <summary>The repository's folder, found by walking up from the test's own folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The path of a shared file or folder; skips the test where it is absent.</summary>
    public static string Require(params string[] parts)
    {
        var path = Path.Combine([Repository, "..", "shared", .. parts]);
        Skip.IfNot(File.Exists(path) || Directory.Exists(path), $"shared/{string.Join('/', parts)} is not on this machine");
        return Path.GetFullPath(path);
    }

    /// <summary>The path of a shared file or folder, or null where it is absent.</summary>
    public static string? Find(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Repository, "..", "shared", .. parts]));
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    /// <summary>The path of a file that the repository itself holds.</summary>
    public static string InRepository(params string[] parts) => Path.Combine([Repository, .. parts]);

    static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Brickwork.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Brickwork.slnx is in no folder above the tests.");
    }
}
