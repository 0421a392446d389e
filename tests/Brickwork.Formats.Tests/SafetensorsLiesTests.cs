using System.Buffers.Binary;
using System.Text;

namespace Brickwork.Formats.Tests;

public class SafetensorsLiesTests
{
    [Theory]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 8, "'t'", "8 bytes")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "'t'", "[8, 0]")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "'t'", "the file ends")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "no bytes after them")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'t'", "starts at 4")]
    [InlineData("""{"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"I8","shape":[4],"data_offsets":[2,6]}}""", 6, "'b'", "starts at 2")]
    [InlineData("""{"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"I8","shape":[4],"data_offsets":[6,10]}}""", 10, "'b'", "starts at 6")]
    [InlineData("""{"t":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},"t":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 1, "'t'", "twice")]
    [InlineData("""{"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "'t'", "4611686018427387904")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,0],"data_offsets":[0,0]}}""", 0, "'t'", "too many values")]
    [InlineData("""{"t":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "'t'", "shape")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "'t'", "shape")]
    [InlineData("""{"t":{"dtype":"F32","shape":"x","data_offsets":[0,4]}}""", 4, "'t'", "array")]
    [InlineData("""{"t":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", 4, "'t'", "dtype")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1]}}""", 4, "'t'", "data_offsets")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":1}}""", 4, "'t'", "extra")]
    [InlineData("""{"t":[]}""", 0, "'t'", "object")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "__metadata__.k", "text")]
    [InlineData("""{"t":""", 0, "JSON")]
    [InlineData("""{} x""", 0, "JSON")]
    [InlineData("""[]""", 0, "JSON object")]
    public void A_lie_is_named_with_its_place(string header, int dataBytes, params string[] says)
    {
        var error = Should.Throw<CheckpointException>(() => SafetensorsCheckpoint.Read(FileOf(header, dataBytes), "liar.safetensors"));

        foreach (var part in (string[])["liar.safetensors", .. says])
            error.Message.ShouldContain(part);
        error.NextStep.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(40UL)]
    public void A_header_longer_than_the_file_or_the_limit_is_refused(ulong length)
    {
        var bytes = FileOf("{}", 20);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);

        Should.Throw<CheckpointException>(() => SafetensorsCheckpoint.Read(bytes, "liar.safetensors")).Message.ShouldContain(length.ToString());
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Should.Throw<CheckpointException>(() => SafetensorsCheckpoint.Read(FileOf("{\"a\":" + new string('[', 100_000), 0), "deep.safetensors"));

    [Fact]
    public void A_header_that_is_no_UTF8_is_refused()
    {
        var bytes = FileOf("""{"tt":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4);
        bytes[10] = 0xff;

        Should.Throw<CheckpointException>(() => SafetensorsCheckpoint.Read(bytes, "bytes.safetensors")).Message.ShouldContain("JSON");
    }

    [Theory]
    [InlineData("F8_E4M3")]
    [InlineData("F8_E5M2")]
    [InlineData("U16")]
    public void A_type_this_version_cannot_read_is_named(string type) =>
        Should.Throw<UnsupportedModelException>(() => SafetensorsCheckpoint.Read(FileOf($$$"""{"t":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,1]}}""", 1), "new.safetensors"))
            .Message.ShouldContain(type);

    [Fact]
    public void Scalars_empty_tensors_and_five_dimensions_are_read()
    {
        const string Header = """
            {"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0,3],"data_offsets":[4,4]},
             "c":{"dtype":"U8","shape":[2,1,1,2,3],"data_offsets":[4,16]}}
            """;

        using var found = SafetensorsCheckpoint.Read(FileOf(Header, 16), "odd.safetensors");

        found.Tensors.ShouldBe([
            new TensorInfo("s", DType.F32, new Shape(1)), new TensorInfo("e", DType.F32, new Shape(0, 3)), new TensorInfo("c", DType.I8, new Shape(2, 1, 1, 6))]);
        Touch.Everything(found);
    }

    [Fact]
    public void An_index_that_leads_out_of_the_folder_is_refused()
    {
        using var folder = new TempFolder();
        folder.Write("model.safetensors.index.json", """{"weight_map":{"t":"../secret.safetensors"}}""");

        Should.Throw<CheckpointException>(() => SafetensorsCheckpoint.OpenFile(folder.Root)).Message.ShouldContain("../secret.safetensors");
    }

    [Fact]
    public void A_missing_shard_and_a_missing_tensor_are_named()
    {
        using var folder = new TempFolder();
        folder.Write("a.safetensors", FileOf("""{"t":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 1));
        folder.Write("model.safetensors.index.json", """{"weight_map":{"t":"a.safetensors","u":"a.safetensors"}}""");
        folder.Write("other/model-00001-of-00002.safetensors", FileOf("{}", 0));

        Should.Throw<CheckpointException>(() => SafetensorsCheckpoint.OpenFile(folder.Root)).Message.ShouldContain("'u'");
        Should.Throw<CheckpointException>(() => SafetensorsCheckpoint.OpenFile(folder.File("other/model-00001-of-00002.safetensors")))
            .Message.ShouldContain("model-00002-of-00002.safetensors is missing");
    }

    [Fact]
    public void A_quantized_tensor_is_not_written()
    {
        using var folder = new TempFolder();

        Should.Throw<UnsupportedModelException>(() => SafetensorsWriter.Create(folder.File("a.safetensors"), new Dictionary<string, string>(), [new("t", DType.Q8_0, new Shape(32))]))
            .Message.ShouldContain("'t' is stored as Q8_0");
        folder.Names.ShouldBeEmpty();
    }

    static byte[] FileOf(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }
}
