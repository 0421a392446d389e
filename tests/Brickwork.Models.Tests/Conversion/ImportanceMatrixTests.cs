using System.Text;
using Brickwork.Models.Conversion;
using Brickwork.TestKit;

namespace Brickwork.Models.Tests.Conversion;

public sealed class ImportanceMatrixTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_legacy_file_holds_means_times_calls()
    {
        var path = _folder.Write("old.dat", Legacy("blk.0.ffn_up.weight", calls: 2, [2, 4, 6]));

        var weights = ImportanceMatrix.Open(path).Find("blk.0.ffn_up.weight", Tensor.Zeros(5, 3));

        weights!.ForRow(4).ToArray().ShouldBe([1, 2, 3]);
        ImportanceMatrix.Open(path).Find("blk.1.ffn_up.weight", Tensor.Zeros(5, 3)).ShouldBeNull();
    }

    [Fact]
    public void The_GGUF_file_holds_sums_and_counts_for_each_expert()
    {
        var metadata = new Metadata("a test");
        metadata.Set("general.type", "imatrix");
        var (sums, counts) = (Tensor.From([2, 4, 9, 12], 2, 2), Tensor.From([2, 3], 2, 1));
        var path = _folder.File("new.gguf");
        using (var writer = GgufWriter.Create(path, metadata, [new("exps.weight.in_sum2", DType.F32, sums.Shape), new("exps.weight.counts", DType.F32, counts.Shape)]))
        {
            writer.Write("exps.weight.in_sum2", sums);
            writer.Write("exps.weight.counts", counts);
            writer.Complete();
        }

        var weights = ImportanceMatrix.Open(path).Find("exps.weight", Tensor.Zeros(2, 4, 2))!;

        weights.ForRow(3).ToArray().ShouldBe([1, 2]);
        weights.ForRow(4).ToArray().ShouldBe([3, 4]);
    }

    [Fact]
    public void Weights_of_another_model_are_refused()
    {
        var path = _folder.Write("old.dat", Legacy("a.weight", calls: 1, [1, 2, 3]));

        Should.Throw<CheckpointException>(() => ImportanceMatrix.Open(path).Find("a.weight", Tensor.Zeros(5, 4))).Message.ShouldContain("a.weight");
    }

    [Fact]
    public void A_file_that_is_cut_off_is_an_error_wherever_it_ends()
    {
        var bytes = Legacy("a.weight", calls: 1, [1, 2, 3]);
        for (var length = 1; length < bytes.Length; length++)
        {
            var path = _folder.Write("cut.dat", bytes.AsSpan(0, length));
            Should.Throw<CheckpointException>(() => ImportanceMatrix.Open(path), $"{length} bytes");
        }
    }

    static byte[] Legacy(string name, int calls, float[] values)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(1);
        writer.Write(name.Length);
        writer.Write(Encoding.ASCII.GetBytes(name));
        writer.Write(calls);
        writer.Write(values.Length);
        foreach (var value in values)
            writer.Write(value);
        writer.Flush();
        return stream.ToArray();
    }
}
