using System.Security.Cryptography;
using System.Text;

namespace Brickwork.Models.Loading;

/// <summary>A short name for the contents of a checkpoint: a hash of its architecture, of every tensor's name, type and shape, and of its first bytes.</summary>
/// <remarks>Tells models apart without reading gigabytes; it is no proof against forgery.</remarks>
static class Fingerprint
{
    const int SampleBytes = 64;

    public static string Of(Checkpoint checkpoint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(checkpoint.Metadata.TryText("general.architecture") ?? ""));
        foreach (var tensor in checkpoint.Tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name} {tensor.Type}{tensor.Shape}\n"));
            if (tensor.Bytes == 0)
                continue;
            var row = checkpoint.Open(tensor.Name).RowSpan(0, 1);
            hash.AppendData(row[..Math.Min(row.Length, SampleBytes)]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
