using System.Buffers.Binary;
using Brickwork.Formats.Writing;
using Brickwork.Kernels.Hashing;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Tensors.Storage;
using Brickwork.Tensors.Weights;

namespace Brickwork.Models.Panels;

/// <summary>The file that keeps a model's panels.</summary>
static class PanelFile
{
    const int WriteBytes = 8 << 20;

    /// <summary>Maps a file and offers its panels to the matrices of the plan.</summary>
    /// <param name="path">The file.</param>
    /// <param name="plan">What it must look like.</param>
    /// <param name="reportDamage">Called once if panels turn out to be damaged at their first use.</param>
    /// <param name="fault">Why there is no result; null = there is no file.</param>
    /// <returns>The mapped file, or null.</returns>
    public static MappedStorage? Open(string path, PanelPlan plan, Action reportDamage, out string? fault)
    {
        fault = null;
        if (!Path.Exists(path))
            return null;
        MappedStorage file;
        try
        {
            file = MappedStorage.Open(path);
        }
        catch (Exception cause) when (IsRefusal(cause))
        {
            fault = $"cannot be opened ({cause.Message})";
            return null;
        }
        fault = FaultOf(file, plan);
        if (fault is not null)
        {
            file.Dispose();
            return null;
        }
        Offer(file, plan, reportDamage);
        return file;
    }

    /// <summary>Lays all weights of the plan out and writes the file.</summary>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public static void Write(string path, PanelPlan plan, Compute compute, IProgress<PreparationProgress>? progress)
    {
        RemoveLeftovers(path);
        using var file = new AtomicFile(path, ExistingFiles.Replace);
        file.Resize(plan.FileBytes);
        var hashes = new ulong[plan.Matrices.Count];
        for (var index = 0; index < hashes.Length; index++)
        {
            var (matrix, offset, bytes) = plan.Matrices[index];
            matrix.Prepare(compute);
            var panels = matrix.Panels!.Value;
            for (var done = 0L; done < bytes; done += WriteBytes)
                file.Write(panels.Bytes(done, (int)Math.Min(WriteBytes, bytes - done)), offset + done);
            hashes[index] = StoredPanels.Hash(compute, panels);
            progress?.Report(new PreparationProgress(offset + bytes, plan.FileBytes));
        }
        file.Write(plan.Head(hashes), 0);
        file.Seal();
        file.Commit();
    }

    /// <summary>Whether an exception is the system's no.</summary>
    public static bool IsRefusal(Exception cause) => cause is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    static string? FaultOf(MappedStorage file, PanelPlan plan)
    {
        var head = file.Bytes(0, (int)Math.Min(file.Length, plan.HeadBytes));
        if (head.Length < PanelPlan.FixedBytes || !head.StartsWith(PanelPlan.Magic))
            return "is no panel file";
        if (BinaryPrimitives.ReadInt32LittleEndian(head[PanelPlan.VersionOffset..]) is var version && version != PanelProduct.LayoutVersion)
            return $"is of version {version}; expected {PanelProduct.LayoutVersion}";
        var identity = head.Slice(PanelPlan.IdentityOffset, PanelPlan.IdentityBytes);
        if (!identity.SequenceEqual(plan.Description.Slice(PanelPlan.IdentityOffset, PanelPlan.IdentityBytes)))
            return "belongs to another model, or to an earlier state of this one";
        if (file.Length != plan.FileBytes)
            return $"has {file.Length} bytes; expected {plan.FileBytes}";
        var isWhole = BinaryPrimitives.ReadUInt64LittleEndian(head[^sizeof(ulong)..]) == XxHash64.Of(head[..^sizeof(ulong)]);
        return isWhole && head.StartsWith(plan.Description) ? null : "has a damaged index";
    }

    static void Offer(MappedStorage file, PanelPlan plan, Action reportDamage)
    {
        var head = file.Bytes(0, plan.HeadBytes);
        var reports = 0;
        void ReportOnce()
        {
            if (Interlocked.Exchange(ref reports, 1) == 0)
                reportDamage();
        }
        for (var index = 0; index < plan.Matrices.Count; index++)
        {
            var (matrix, offset, bytes) = plan.Matrices[index];
            matrix.Kept = new StoredPanels(new StoragePiece(file, offset, bytes), plan.HashIn(head, index), ReportOnce);
        }
    }

    /// <summary>Removes what killed writers left; who still writes holds its file.</summary>
    static void RemoveLeftovers(string path)
    {
        try
        {
            var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
            foreach (var file in Directory.EnumerateFiles(folder, "*" + AtomicPath.Extension))
                if (Path.GetFileName(file).StartsWith(name + ".", StringComparison.Ordinal))
                    RemoveIfNobodyWrites(file);
        }
        catch (Exception cause) when (IsRefusal(cause))
        {
            // What may not be seen or removed stays; it costs room only.
        }
    }

    static void RemoveIfNobodyWrites(string file)
    {
        try
        {
            using (File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                File.Delete(file);
        }
        catch (IOException)
        {
            // It is being written.
        }
    }
}
