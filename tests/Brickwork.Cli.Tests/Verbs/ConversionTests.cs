using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

/// <summary><c>convert</c>, <c>quantize</c> and <c>diff</c>, which tells what the two did.</summary>
public sealed class ConversionTests : IDisposable
{
    const string Model = Brick.Stories;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Convert_tells_bytes_and_tensors_and_leaves_one_file()
    {
        var target = _folder.File("copy.gguf");

        var json = (await Brick.Run("convert", Model, target, "--json")).Json();

        json.ShouldHave("bytesIn", "bytesOut", "tensors");
        json.Number("bytesOut").ShouldBe(json.Number("bytesIn"));
        json.Number("tensors").ShouldBe(47);
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([target]);
    }

    [Fact]
    public async Task A_measured_importance_matrix_is_used_for_quantizing()
    {
        var (matrix, target) = (_folder.File("matrix.gguf"), _folder.File("small.gguf"));
        var corpus = SharedData.InRepository("models", "stories260k.md");

        var json = (await Brick.Run("imatrix", "--corpus", corpus, "--out", matrix, "-m", Model, "--json")).Json();

        json.ShouldHave("tensors", "tokens");
        json.Number("tensors").ShouldBe(36);
        (await Brick.Run("quantize", Model, target, "--to", "q4_0", "--imatrix", matrix, "--quiet")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task There_and_back_through_a_folder_nothing_differs()
    {
        var (folder, back) = (_folder.File("hf"), _folder.File("back.gguf"));
        (await Brick.Run("convert", Model, folder, "--quiet")).Code.ShouldBe(0);
        (await Brick.Run("convert", folder, back, "--quiet")).Code.ShouldBe(0);

        var json = (await Brick.Run("diff", Model, back, "--json", "--gate", "maxDifference<1e-30")).Json();

        json.ShouldHave("tensors", "onlyA", "onlyB", "kld");
        json.GetProperty("onlyA").GetArrayLength().ShouldBe(0);
        json.GetProperty("onlyB").GetArrayLength().ShouldBe(0);
        json.GetProperty("tensors").EnumerateArray().Max(tensor => tensor.Number("largest")).ShouldBe(0);
    }

    [Fact]
    public async Task Quantize_measures_its_cost_on_a_corpus()
    {
        var corpus = _folder.Write("corpus.txt", "Once upon a time, there was a little girl named Lily. She loved to play.");

        var json = (await Brick.Run("quantize", Model, _folder.File("q8.gguf"), "--to", "q8_0", "--corpus", corpus, "--json")).Json();

        json.ShouldHave("bytesIn", "bytesOut", "tensors", "kld", "perplexityRatio");
        (json.Number("bytesOut") / json.Number("bytesIn")).ShouldBeLessThan(0.4);
        json.Number("kld").ShouldBeInRange(1e-9, 0.01);
        var missed = await Brick.Run("quantize", Model, _folder.File("q4.gguf"), "--to", "q4_0", "--corpus", corpus, "--gate", "kld<1e-9", "--json");
        missed.Code.ShouldBe(1);
        missed.Document().Number("kld").ShouldBeGreaterThan(json.Number("kld"));
    }

    [Theory]
    [InlineData("convert")]
    [InlineData("quantize", "--to", "q8_0")]
    public async Task An_existing_file_stays_unless_forced(string verb, params string[] more)
    {
        var target = _folder.Write("old.gguf", "old");

        (await Brick.Run([verb, Model, target, .. more, "--json"])).ShouldBeRefused(2, target, "--force").ShouldSayItInJson();
        (await File.ReadAllTextAsync(target)).ShouldBe("old");

        (await Brick.Run([verb, Model, target, .. more, "--force"])).Code.ShouldBe(0);
        new FileInfo(target).Length.ShouldBeGreaterThan(100_000);
    }

    [Theory]
    [InlineData("--corpus-missing", "kld<1")]
    [InlineData("--corpus", "foo<1")]
    public async Task A_gate_that_cannot_hold_is_refused_before_anything_is_written(string corpus, string gate)
    {
        string[] given = corpus == "--corpus" ? ["--corpus", _folder.Write("corpus.txt", "Once upon a time.")] : [];
        var target = _folder.File("new.gguf");

        (await Brick.Run(["quantize", Model, target, "--to", "q8_0", "--gate", gate, .. given, "--json"])).ShouldBeRefused(2, gate).ShouldSayItInJson();

        File.Exists(target).ShouldBeFalse();
    }
}
