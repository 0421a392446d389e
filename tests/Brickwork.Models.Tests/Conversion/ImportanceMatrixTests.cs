using Brickwork.Models.Conversion;
using Brickwork.TestKit;

namespace Brickwork.Models.Tests.Conversion;

public sealed class ImportanceMatrixTests : IDisposable
{
    const string Query = "blk.0.attn_q.weight";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_identically()
    {
        var matrix = Matrix((Query, [1, 2, 3, 4], [2]), ("blk.0.ffn_up_exps.weight", [1, 2, 3, 4, 5, 6], [1, 3]));
        var path = _folder.File("a.gguf");

        matrix.Save(path);
        var read = ImportanceMatrix.Open(path);

        read.Names.ShouldBe(matrix.Names);
        read.TryFind(Query).ShouldBe([0.5f, 1, 1.5f, 2]);
        read.TryFind("blk.0.ffn_up_exps.weight").ShouldBe([1, 2, 3, 4f / 3, 5f / 3, 2]);
        read.TryFind("blk.1.attn_q.weight").ShouldBeNull();
        (read.Chunks, read.ChunkSize, read.Tokens).ShouldBe((7, 512, 3));
        read.Datasets.ShouldBe(["stories.txt"]);
    }

    [Fact]
    public void The_file_has_the_tensors_and_keys_that_llama_cpp_looks_for()
    {
        var path = _folder.File("a.gguf");

        Matrix(("blk.0.ffn_up_exps.weight", [1, 2, 3, 4, 5, 6], [1, 3])).Save(path);

        using var file = GgufCheckpoint.OpenFile(path);
        file.Tensors.ShouldBe(
        [
            new TensorInfo("blk.0.ffn_up_exps.weight.in_sum2", DType.F32, new Shape(2, 3)),
            new TensorInfo("blk.0.ffn_up_exps.weight.counts", DType.F32, new Shape(2, 1)),
        ]);
        file.Metadata.TryText("general.type").ShouldBe("imatrix");
        file.Metadata.Find("imatrix.chunk_count")!.Type.ShouldBe(MetadataType.UInt32);
        file.Metadata.Find("imatrix.chunk_size")!.Type.ShouldBe(MetadataType.UInt32);
        file.Metadata.TryTexts("imatrix.datasets").ShouldBe(["stories.txt"]);
    }

    [Fact]
    public void The_older_file_is_read()
    {
        var read = ImportanceMatrix.Open(_folder.Write("a.dat", LegacyFile()));

        read.TryFind(Query).ShouldBe([0.25f, 0.5f, 0.75f]);
        (read.Chunks, read.ChunkSize).ShouldBe((9, 1));
        read.Datasets.ShouldBe(["wiki.txt"]);
    }

    [Fact]
    public void Columns_of_an_expert_that_was_never_used_count_the_same() =>
        Matrix((Query, [3, 6, 0, 0, 0, 0], [3, 0, 5])).TryFind(Query).ShouldBe([1, 2, 1, 1, 1, 1]);

    [Fact]
    public void Rows_of_an_expert_have_the_weights_of_that_expert()
    {
        var weights = Matrix((Query, [2, 4, 9, 12], [2, 3])).Find(Query, Tensor.Zeros(2, 4, 2))!;

        weights.ForRow(3).ToArray().ShouldBe([1, 2]);
        weights.ForRow(4).ToArray().ShouldBe([3, 4]);
    }

    [Theory, InlineData(float.NaN), InlineData(-1f), InlineData(float.PositiveInfinity)]
    public void Sums_that_are_no_amounts_are_refused(float bad) =>
        Should.Throw<CheckpointException>(() => Matrix((Query, [1, bad], [2]))).Message.ShouldContain("column 1");

    [Fact]
    public void A_file_cut_off_anywhere_is_a_clear_error_or_complete()
    {
        Matrix((Query, [1, 2, 3, 4], [2]), ("b", [1, 2], [1])).Save(_folder.File("a.gguf"));
        foreach (var whole in (byte[][])[File.ReadAllBytes(_folder.File("a.gguf")), LegacyFile()])
            for (var length = 0; length < whole.Length; length++)
                OpensOrSaysWhy(_folder.Write("cut", whole.AsSpan(0, length)));
    }

    [Fact]
    public void A_file_with_any_byte_changed_is_a_clear_error_or_read()
    {
        Matrix((Query, [1, 2, 3, 4], [2])).Save(_folder.File("a.gguf"));
        foreach (var whole in (byte[][])[File.ReadAllBytes(_folder.File("a.gguf")), LegacyFile()])
            for (var at = 0; at < whole.Length; at++)
                foreach (var value in (byte[])[0, 0x7F, 0xFF])
                {
                    byte[] changed = [.. whole];
                    changed[at] = value;
                    OpensOrSaysWhy(_folder.Write("changed", changed));
                }
    }

    [Fact]
    public void A_model_is_no_importance_matrix()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(), _folder.File("model.gguf"));

        Should.Throw<CheckpointException>(() => ImportanceMatrix.Open(_folder.File("model.gguf"))).Message.ShouldContain("in_sum2");
    }

    [Fact]
    public void A_matrix_of_a_model_of_another_width_is_refused_with_both_sizes()
    {
        var fault = Should.Throw<CheckpointException>(() => Quantize(Matrix((Query, [1, 2, 3, 4], [2]))));

        fault.Message.ShouldContain(Query);
        fault.Message.ShouldContain("4 columns");
        fault.Message.ShouldContain("32");
    }

    [Fact]
    public void A_matrix_of_a_model_with_other_tensors_is_refused() =>
        Should.Throw<CheckpointException>(() => Quantize(Matrix(("blk.7.ssm_in.weight", [1, 2, 3, 4], [2]))))
            .Message.ShouldContain("blk.7.ssm_in.weight");

    [Fact]
    public void Quantizing_with_a_matrix_moves_the_columns_that_matter_less()
    {
        float[] importance = [.. Enumerable.Range(0, PicoModel.Width).Select(column => column < 4 ? 100f : 1f)];
        using var plain = Quantize(null);
        using var weighed = Quantize(Matrix((Query, importance, [1])));
        using var source = PicoModel.LlamaCheckpoint();

        ErrorOfFirstColumns(weighed, source).ShouldBeLessThan(0.7 * ErrorOfFirstColumns(plain, source));
        weighed.Open("blk.1.attn_q.weight").RowSpan(0, 4).SequenceEqual(plain.Open("blk.1.attn_q.weight").RowSpan(0, 4)).ShouldBeTrue();
    }

    static double ErrorOfFirstColumns(Checkpoint quantized, Checkpoint source)
    {
        var (stored, exact) = (quantized.Open(Query), source.Open(Query));
        var values = new float[stored.Columns];
        var sum = 0d;
        for (var row = 0; row < stored.Rows; row++)
        {
            Kernels.Blocks.Dequantizer.Run(stored.Type, stored.RowSpan(row, 1), values);
            for (var column = 0; column < 4; column++)
                sum += Math.Pow(values[column] - exact.Row(row)[column], 2);
        }
        return sum;
    }

    GgufCheckpoint Quantize(ImportanceMatrix? importance)
    {
        var (matrix, target) = (_folder.File($"{Guid.NewGuid()}.gguf"), _folder.File($"{Guid.NewGuid()}.gguf"));
        importance?.Save(matrix);
        using var source = PicoModel.LlamaCheckpoint();
        ModelConverter.Convert(source, target, new ConvertOptions { Type = "q4_0", ImportanceMatrix = importance is null ? null : matrix });
        return GgufCheckpoint.OpenFile(target);
    }

    static ImportanceMatrix Matrix(params (string Name, float[] Sums, float[] Counts)[] tensors)
    {
        var matrix = new ImportanceMatrix("test") { Datasets = ["stories.txt"], Chunks = 7, ChunkSize = 512 };
        foreach (var (name, sums, counts) in tensors)
            matrix.Add(name, new ColumnSums(sums, counts));
        return matrix;
    }

    static byte[] LegacyFile()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(1);
        writer.Write(Query.Length);
        writer.Write(Query.ToCharArray());
        writer.Write(4);
        writer.Write(3);
        foreach (var value in (float[])[1, 2, 3])
            writer.Write(value);
        writer.Write(9);
        writer.Write(8);
        writer.Write("wiki.txt".ToCharArray());
        return stream.ToArray();
    }

    static void OpensOrSaysWhy(string path)
    {
        try
        {
            ImportanceMatrix.Open(path).Names.ShouldNotBeEmpty();
        }
        catch (BrickworkException fault)
        {
            fault.NextStep.ShouldNotBeNullOrEmpty();
        }
    }
}
