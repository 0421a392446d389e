using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

public sealed class LogitsTests
{
    const string Tokens = "1,403,407,261,378";

    [Fact]
    public async Task The_file_holds_a_row_for_each_token_and_the_document_says_what_is_in_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("logits.bin");

        var json = (await Brick.Run("logits", "--tokens", Tokens, "--out", file, "-m", Brick.Stories, "--json")).Json();

        json.ShouldHave("tokens", "vocabulary", "file", "nll", "argmax");
        json.Text("file").ShouldBe(file);
        var values = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(file)).ToArray();
        values.Length.ShouldBe(5 * 512);
        values.Chunk(512).Select(row => TensorPrimitives.IndexOfMax<float>(row)).ShouldBe(json.Ids("argmax"));
        json.Number("nll").ShouldBe(Nll(values, [1, 403, 407, 261, 378]), 1e-5, "the same sum in another order of additions");
        Directory.GetFiles(folder.Path).ShouldBe([file]);
    }

    [Fact]
    public async Task Without_a_file_the_document_names_none() =>
        (await Brick.Run("logits", "--tokens", Tokens, "--json")).Json().GetProperty("file").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);

    [Fact]
    public async Task Kernel_paths_agree()
    {
        async Task<double> Nll(string path) => (await Brick.Run("logits", "--tokens", Tokens, "--isa", path, "--kv", "f32", "--exact", "--json")).Json().Number("nll");

        (await Nll("vector")).ShouldBe(await Nll("reference"), 1e-4, "F32 sums of 64 to 172 terms in another order");
    }

    static double Nll(float[] logits, int[] tokens) => Enumerable.Range(1, tokens.Length - 1).Average(position =>
    {
        var row = logits.AsSpan((position - 1) * 512, 512).ToArray();
        return Math.Log(row.Sum(value => Math.Exp(value))) - row[tokens[position]];
    });
}
