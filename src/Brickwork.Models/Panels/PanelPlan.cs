using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Brickwork.Kernels.Hashing;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Tensors.Weights;

namespace Brickwork.Models.Panels;

/// <summary>A matrix in a panel file.</summary>
/// <param name="Matrix">The matrix.</param>
/// <param name="Offset">Where its panels begin in the file: on a page border.</param>
/// <param name="Bytes">What they take.</param>
readonly record struct PlannedPanels(WeightMatrix Matrix, long Offset, long Bytes);

/// <summary>What the panel file of a model must look like, down to the byte but for the panels and their hashes.</summary>
/// <remarks>
/// Little endian: magic "BRKPANEL", version of the layout (4), number of matrices (4), bytes of the file (8), bytes of the index (8), who the
/// model is (32); the index, a line of text for each matrix in the order of use: tensor, first row, rows, columns, type, offset from the first
/// panel, bytes; 8 bytes of hash for each; a hash of all that. Then, each on a page border, the panels.
/// A reader compares instead of parsing: an index that says anything else than the model in hand is of no use.
/// </remarks>
sealed class PanelPlan
{
    public const int FixedBytes = 64;
    public const int VersionOffset = 8;
    public const int IdentityOffset = 32;
    public const int IdentityBytes = 32;

    const int PageBytes = 4096;

    readonly byte[] _description;

    PanelPlan(IReadOnlyList<PlannedPanels> matrices, byte[] description, long fileBytes) =>
        (Matrices, _description, FileBytes) = (matrices, description, fileBytes);

    public static ReadOnlySpan<byte> Magic => "BRKPANEL"u8;

    /// <summary>In the order of use.</summary>
    public IReadOnlyList<PlannedPanels> Matrices { get; }

    /// <summary>Bytes of the file.</summary>
    public long FileBytes { get; }

    /// <summary>What the file begins with, up to the hashes.</summary>
    public ReadOnlySpan<byte> Description => _description;

    /// <summary>Bytes before the first page of panels.</summary>
    public int HeadBytes => _description.Length + (Matrices.Count + 1) * sizeof(ulong);

    /// <param name="decoder">The parts.</param>
    /// <param name="compute">Decides which weights have panels.</param>
    /// <param name="identity">Who the model is, <see cref="IdentityBytes"/> bytes.</param>
    public static PanelPlan Of(Decoder decoder, Compute compute, ReadOnlySpan<byte> identity)
    {
        var index = new StringBuilder();
        var matrices = new List<PlannedPanels>();
        var end = 0L;
        foreach (var linear in Preparation.Projections(decoder, compute))
        {
            if (linear.Origin is not { } origin)
                continue;
            var (matrix, bytes) = (linear.Weight, linear.Weight.PanelBytes(compute));
            index.Append(CultureInfo.InvariantCulture,
                $"{origin.Tensor} {origin.FirstRow} {matrix.Rows} {matrix.Columns} {matrix.Stored.Type} {end} {bytes}\n");
            matrices.Add(new PlannedPanels(matrix, end, bytes));
            end = Page(end + bytes);
        }
        var text = Encoding.UTF8.GetBytes(index.ToString());
        var start = Page(FixedBytes + text.Length + (matrices.Count + 1L) * sizeof(ulong));
        return new PanelPlan([.. matrices.Select(panels => panels with { Offset = start + panels.Offset })],
            Describe(matrices.Count, start + end, text, identity), start + end);
    }

    /// <summary>The head of a file with these hashes.</summary>
    public byte[] Head(ReadOnlySpan<ulong> hashes)
    {
        var head = new byte[HeadBytes];
        _description.CopyTo(head, 0);
        var rest = head.AsSpan(_description.Length);
        for (var index = 0; index < hashes.Length; index++)
            BinaryPrimitives.WriteUInt64LittleEndian(rest[(index * sizeof(ulong))..], hashes[index]);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[^sizeof(ulong)..], XxHash64.Of(head.AsSpan(0, head.Length - sizeof(ulong))));
        return head;
    }

    /// <summary>The hash of one matrix in the head of a file.</summary>
    public ulong HashIn(ReadOnlySpan<byte> head, int matrix) =>
        BinaryPrimitives.ReadUInt64LittleEndian(head[(_description.Length + matrix * sizeof(ulong))..]);

    static byte[] Describe(int count, long fileBytes, ReadOnlySpan<byte> index, ReadOnlySpan<byte> identity)
    {
        var description = new byte[FixedBytes + index.Length];
        Magic.CopyTo(description);
        BinaryPrimitives.WriteInt32LittleEndian(description.AsSpan(VersionOffset), PanelProduct.LayoutVersion);
        BinaryPrimitives.WriteInt32LittleEndian(description.AsSpan(VersionOffset + 4), count);
        BinaryPrimitives.WriteInt64LittleEndian(description.AsSpan(VersionOffset + 8), fileBytes);
        BinaryPrimitives.WriteInt64LittleEndian(description.AsSpan(VersionOffset + 16), index.Length);
        identity.CopyTo(description.AsSpan(IdentityOffset, IdentityBytes));
        index.CopyTo(description.AsSpan(FixedBytes));
        return description;
    }

    static long Page(long bytes) => (bytes + PageBytes - 1) / PageBytes * PageBytes;
}
