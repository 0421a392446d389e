using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Brickwork.Tensors.Storage;

namespace Brickwork.Formats.Log;

/// <summary>The hash by which a log knows a file or a folder, whatever it is called.</summary>
/// <remarks>
/// SHA-256, as hubs state it for every file, so that what is missing can be looked for. Of several files it is the hash of what
/// <c>sha256sum</c> prints for them in the order of their names.
/// </remarks>
/// <param name="Text">64 hexadecimal digits.</param>
/// <param name="Bytes">Bytes of the files.</param>
readonly record struct ContentHash(string Text, long Bytes)
{
    const int PieceBytes = 1 << 20;

    // What else stands in a folder, such as a README, decides nothing.
    static readonly FrozenSet<string> Endings = FrozenSet.ToFrozenSet([".json", ".jinja", ".model", ".safetensors", ".txt"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Of a file, or of the files of a model or adapter in a folder.</summary>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static ContentHash Of(string path, CancellationToken cancellation = default) =>
        Directory.Exists(path) ? OfFiles(FilesIn(path), cancellation) : OfFile(path, cancellation);

    /// <summary>Of one file, or of several that belong together.</summary>
    /// <exception cref="CheckpointException">One cannot be read.</exception>
    public static ContentHash OfFiles(IReadOnlyList<string> files, CancellationToken cancellation = default)
    {
        if (files is [var only])
            return OfFile(only, cancellation);
        var ordered = files.OrderBy(Path.GetFileName, StringComparer.Ordinal).ToList();
        var hashes = ordered.AsParallel().AsOrdered().WithCancellation(cancellation).Select(file => OfFile(file, cancellation)).ToList();
        var listing = string.Concat(ordered.Zip(hashes, (file, hash) => $"{hash.Text}  {Path.GetFileName(file)}\n"));
        return new ContentHash(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(listing))), hashes.Sum(hash => hash.Bytes));
    }

    /// <summary>Of a file that is in memory.</summary>
    public static ContentHash Of(TensorStorage storage)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var offset = 0L; offset < storage.Length; offset += PieceBytes)
            hash.AppendData(storage.Bytes(offset, (int)Math.Min(PieceBytes, storage.Length - offset)));
        return new ContentHash(Convert.ToHexStringLower(hash.GetHashAndReset()), storage.Length);
    }

    /// <summary>The files in a folder that decide what a model or an adapter is.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(file => Endings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)];

    static ContentHash OfFile(string path, CancellationToken cancellation)
    {
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var piece = new byte[PieceBytes];
            var length = 0L;
            while (RandomAccess.Read(file, piece, length) is > 0 and var read)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(piece.AsSpan(0, read));
                length += read;
            }
            return new ContentHash(Convert.ToHexStringLower(hash.GetHashAndReset()), length);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be read: {cause.Message}", "Check that it is a file and that you may read it.", cause);
        }
    }
}
