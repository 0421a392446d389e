namespace Brickwork.Formats.Tests;

public class GgufLiesTests
{
    const ulong Huge = 1UL << 62;

    static readonly Dictionary<string, (RawGguf File, string[] Says)> Lies = new()
    {
        ["wrong magic"] = (new RawGguf("GGML"), ["byte 0", "magic", "GGUF"]),
        ["count of tensors"] = (new RawGguf(tensors: Huge), ["number of tensors", Huge.ToString()]),
        ["count of keys"] = (new RawGguf(keys: Huge), ["number of metadata keys"]),
        ["key length"] = (new RawGguf(keys: 1).Put(Huge).Put(new byte[20]), ["metadata key 1 of 1", "byte 24"]),
        ["key without name"] = (new RawGguf(keys: 1).Text("").Put(new byte[20]), ["key is 0 bytes long"]),
        ["key of 70,000 bytes"] = (new RawGguf(keys: 1).Text(new string('a', 70_000)).Put(new byte[20]), ["70000 bytes"]),
        ["key not UTF-8"] = (new RawGguf(keys: 1).Put(3UL).Put([0x61, 0xff, 0x62]).Put(new byte[20]), ["UTF-8", "metadata key 1"]),
        ["key twice"] = (new RawGguf(keys: 2).Text("same").Put(0u).Put((byte)1).Text("same").Put(0u).Put((byte)1), ["'same'", "twice"]),
        ["type of value"] = (new RawGguf(keys: 1).Text("k").Put(13u).Put(new byte[20]), ["'k'", "13", "0 to 12"]),
        ["truth value"] = (new RawGguf(keys: 1).Text("k").Put(7u).Put((byte)2), ["'k'", "truth value is 2"]),
        ["text length"] = (new RawGguf(keys: 1).Text("k").Put(8u).Put(Huge), ["'k'", "value", Huge.ToString()]),
        ["array length"] = (new RawGguf(keys: 1).Text("k").Put(9u).Put(4u).Put(Huge), ["'k'", "elements", Huge.ToString()]),
        ["array of texts length"] = (new RawGguf(keys: 1).Text("k").Put(9u).Put(8u).Put(1UL << 40), ["'k'", "elements"]),
        ["alignment no power of two"] = (new RawGguf(keys: 1).Text("general.alignment").Put(4u).Put(24u), ["general.alignment", "24", "power of two"]),
        ["alignment zero"] = (new RawGguf(keys: 1).Text("general.alignment").Put(4u).Put(0u), ["general.alignment", "power of two"]),
        ["alignment a text"] = (new RawGguf(keys: 1).Text("general.alignment").Put(8u).Text("32"), ["general.alignment", "String"]),
        ["no dimensions"] = (new RawGguf(tensors: 1).Tensor("t", []).Data(64), ["'t'", "dimensions is 0"]),
        ["five dimensions"] = (new RawGguf(tensors: 1).Tensor("t", [1, 1, 1, 1, 1]).Data(64), ["'t'", "dimensions is 5"]),
        ["dimension zero"] = (new RawGguf(tensors: 1).Tensor("t", [4, 0]).Data(64), ["'t'", "a dimension is 0"]),
        ["dimension too large"] = (new RawGguf(tensors: 1).Tensor("t", [Huge]).Data(64), ["'t'", Huge.ToString()]),
        ["product overflows"] = (new RawGguf(tensors: 1).Tensor("t", [1 << 30, 1 << 30, 1 << 30]).Data(64), ["'t'", "too many values"]),
        ["product wraps to a small number"] = (new RawGguf(tensors: 1).Tensor("t", [1 << 16, 1 << 16, 1 << 16, 1 << 16]).Data(64), ["'t'", "too many values"]),
        ["broken blocks"] = (new RawGguf(tensors: 1).Tensor("t", [33], type: 8).Data(64), ["'t'", "33", "Q8_0", "32"]),
        ["data longer than file"] = (new RawGguf(tensors: 1).Tensor("t", [1000]).Data(64), ["'t'", "4000 bytes"]),
        ["data ends after file"] = (new RawGguf(tensors: 1).Tensor("t", [16]).Data(63), ["'t'", "the file ends"]),
        ["offset beyond file"] = (new RawGguf(tensors: 1).Tensor("t", [4], offset: Huge).Data(64), ["'t'", Huge.ToString()]),
        ["offset wraps"] = (new RawGguf(tensors: 1).Tensor("t", [4], offset: ulong.MaxValue - 31).Data(64), ["'t'"]),
        ["offset unaligned"] = (new RawGguf(tensors: 1).Tensor("t", [4], offset: 8).Data(64), ["'t'", "offset is 8", "32"]),
        ["overlap"] = (new RawGguf(tensors: 2).Tensor("a", [16]).Tensor("b", [4], offset: 32).Data(64), ["'b'", "inside 'a'"]),
        ["tensor twice"] = (new RawGguf(tensors: 2).Tensor("a", [4]).Tensor("a", [4], offset: 32).Data(64), ["'a'", "twice"]),
        ["tensor without name"] = (new RawGguf(tensors: 1).Tensor("", [4, 4]).Data(64), ["tensor 1 of 1", "name"]),
        ["tensor name not UTF-8"] = (new RawGguf(tensors: 1).Put(1UL).Put((byte)0xff).Put(1u).Put(4UL).Put(0u).Put(0UL).Data(64), ["UTF-8"]),
    };

    static readonly Dictionary<string, (RawGguf File, string[] Says)> Unsupported = new()
    {
        ["version 1"] = (new RawGguf(version: 1), ["version 1", "2 or 3"]),
        ["version 4"] = (new RawGguf(version: 4), ["version 4", "2 or 3"]),
        ["big-endian"] = (new RawGguf(version: 0x03000000), ["big-endian"]),
        ["array of arrays"] = (new RawGguf(keys: 1).Text("k").Put(9u).Put(9u).Put(1UL).Put(4u).Put(0UL), ["'k'", "array of arrays"]),
        ["old type"] = (new RawGguf(tensors: 1).Tensor("t", [32], type: 31).Data(64), ["'t'", "Q4_0_4_4"]),
        ["unknown type"] = (new RawGguf(tensors: 1).Tensor("t", [32], type: 1000).Data(64), ["'t'", "type 1000"]),
    };

    public static TheoryData<string> LieNames => [.. Lies.Keys];

    public static TheoryData<string> UnsupportedNames => [.. Unsupported.Keys];

    [Theory, MemberData(nameof(LieNames))]
    public void A_lie_is_named_with_its_place(string lie)
    {
        var (file, says) = Lies[lie];

        var error = Should.Throw<CheckpointException>(() => GgufCheckpoint.Read(file.Bytes, "liar.gguf"));

        foreach (var part in (string[])["liar.gguf", .. says])
            error.Message.ShouldContain(part);
        error.NextStep.ShouldNotBeEmpty();
    }

    [Theory, MemberData(nameof(UnsupportedNames))]
    public void What_this_version_cannot_read_is_named(string lie)
    {
        var (file, says) = Unsupported[lie];

        var error = Should.Throw<UnsupportedModelException>(() => GgufCheckpoint.Read(file.Bytes, "liar.gguf"));

        foreach (var part in (string[])["liar.gguf", .. says])
            error.Message.ShouldContain(part);
    }

    [Fact]
    public void A_truth_is_believed()
    {
        var file = new RawGguf(version: 2, tensors: 2, keys: 1).Text("k").Put(9u).Put(8u).Put(1UL).Text("v").Tensor("a", [16]).Tensor("b", [4, 2], offset: 64).Data(96);

        using var found = GgufCheckpoint.Read(file.Bytes, "honest.gguf");

        found.Tensors.ShouldBe([new TensorInfo("a", DType.F32, new Shape(16)), new TensorInfo("b", DType.F32, new Shape(2, 4))]);
        found.Metadata.TryTexts("k").ShouldBe(["v"]);
    }

    [Fact]
    public void Invalid_bytes_in_a_value_are_replaced_and_not_refused()
    {
        var file = new RawGguf(keys: 1).Text("k").Put(8u).Put(2UL).Put([0x61, 0xff]);

        using var found = GgufCheckpoint.Read(file.Bytes, "tokens.gguf");

        found.Metadata.Text("k").ShouldBe("a\uFFFD");
    }
}
