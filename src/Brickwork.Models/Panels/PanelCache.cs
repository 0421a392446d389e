using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Brickwork.Tensors.Storage;

namespace Brickwork.Models.Panels;

/// <summary>Uses the panel file of a model, or writes one.</summary>
static class PanelCache
{
    const string Extension = ".panels";

    /// <returns>The mapped file, which must live as long as the weights; null where none is used.</returns>
    public static MappedStorage? Attach(Checkpoint checkpoint, string fingerprint, Decoder decoder, Compute compute, RepackCache cache)
    {
        if (checkpoint.Files.Count == 0)
            return null;
        try
        {
            var plan = PanelPlan.Of(decoder, compute, IdentityOf(checkpoint, fingerprint));
            return plan.Matrices.Count == 0 ? null : Attach(plan, cache.Path ?? PlaceOf(checkpoint), compute, cache);
        }
        catch (Exception cause) when (cause is CheckpointException or IOException or UnauthorizedAccessException)
        {
            cache.Warn?.Invoke($"the repack cache was not written: {cause.Message}");
            return null;
        }
    }

    static MappedStorage? Attach(PanelPlan plan, string path, Compute compute, RepackCache cache)
    {
        var file = PanelFile.Open(path, plan, () => Discard(path, cache), out var fault);
        if (file is not null)
            return file;
        if (fault is not null)
            cache.Warn?.Invoke($"the repack cache {path} {fault}; it is written anew.");
        PanelFile.Write(path, plan, compute, cache.Progress);
        return null;
    }

    static void Discard(string path, RepackCache cache)
    {
        cache.Warn?.Invoke($"the repack cache {path} is damaged; what is left of it is used, and the next start writes it anew.");
        try
        {
            File.Delete(path);
        }
        catch (Exception cause) when (PanelFile.IsRefusal(cause))
        {
            cache.Warn?.Invoke($"the repack cache {path} cannot be removed: {cause.Message}");
        }
    }

    /// <summary>Beside the model; a model in several files has one, named after the first.</summary>
    static string PlaceOf(Checkpoint checkpoint) =>
        Directory.Exists(checkpoint.Source) ? Path.Combine(checkpoint.Source, "model" + Extension) : checkpoint.Files[0] + Extension;

    /// <summary>Who a model is: its fingerprint, and length and time of every file.</summary>
    static byte[] IdentityOf(Checkpoint checkpoint, string fingerprint)
    {
        var text = new StringBuilder(fingerprint);
        foreach (var file in checkpoint.Files.Select(Target))
            text.Append(CultureInfo.InvariantCulture, $"\n{file.Length} {file.LastWriteTimeUtc.Ticks}");
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    // Downloads are often links into a store; a link has a time of its own.
    static FileInfo Target(string path) => new FileInfo(path) is var file && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target : file;
}
