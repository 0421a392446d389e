using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Refusals;

public sealed class BadInputTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_model_that_is_not_there() => Refused("no-such-model", "ask", "hi", "-m", "no-such-model");

    [Fact]
    public Task A_folder_without_a_config() => Refused("config.json", "inspect", "-m", Directory.CreateDirectory(_folder.File("empty")).FullName);

    [Fact]
    public Task An_empty_file() => Refused("empty.gguf", "inspect", "-m", _folder.Write("empty.gguf", ""));

    [Fact]
    public Task A_file_that_only_has_the_name_of_a_model() => Refused("text.gguf", "inspect", "-m", _folder.Write("text.gguf", "What is this? It is a text."));

    [Theory]
    [InlineData(3)]
    [InlineData(5_000)]
    [InlineData(500_000)]
    public async Task A_model_cut_short(int length)
    {
        var whole = await File.ReadAllBytesAsync(SharedData.InRepository("models", "stories260k.gguf"));
        var cut = _folder.Write("cut.gguf", whole.AsSpan(0, length));

        await Refused("cut.gguf", "ask", "hi", "-m", cut);
        await Refused("cut.gguf", "convert", cut, _folder.File("new.gguf"));
    }

    [Theory]
    [InlineData("ask", "hi")]
    [InlineData("logits", "--tokens", "1,2,3")]
    public async Task A_context_larger_than_memory(params string[] verb)
    {
        string[] call = [.. verb, "--context", "2000000000", "--kv", "f32", "--quiet"];

        (await Brick.Run(call)).ShouldBeRefused(4, "2,000,000,000 tokens", "GB for keys and values", "of which the weights take", "--context", "--kv q8_0");
        (await Brick.Run([.. call, "--json"])).ShouldBeRefused(4).ShouldSayItInJson();
    }

    [Fact]
    public Task A_text_file_that_is_not_there() => Refused("no-such.txt", "ask", "--file", _folder.File("no-such.txt"));

    [Fact]
    public Task A_text_that_is_no_utf8() => Refused("byte 3", "eval", "perplexity", _folder.Write("text.txt", [0x61, 0x62, 0x63, 0xC3, 0x28]));

    [Fact]
    public Task A_text_in_utf16() => Refused("UTF-8", "tokenize", "--file", _folder.Write("text.txt", [0xFF, 0xFE, 0x61, 0x00]));

    [Fact]
    public Task A_task_without_questions() => Refused("Line 1", "eval", "task", _folder.Write("task.jsonl", "no JSON"));

    [Fact]
    public async Task A_folder_with_files_of_the_user_is_not_replaced()
    {
        var folder = Directory.CreateDirectory(_folder.File("mine")).FullName;
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "mine");

        await Refused("notes.txt", "convert", "stories260k", folder, "--force");

        File.ReadAllText(Path.Combine(folder, "notes.txt")).ShouldBe("mine");
    }

    [Fact]
    public Task A_target_in_a_folder_that_is_not_there() => Refused("new.gguf", "convert", "stories260k", _folder.File("nowhere", "new.gguf"));

    [Fact]
    public Task An_embedding_of_a_model_that_writes() => Refused("embedding model", "embed", "hi", "--out", _folder.File("new.bin"));

    [Fact]
    public Task A_draft_model_that_is_not_there() => Refused("no-such-draft", "ask", "hi", "--draft", "no-such-draft");

    [Fact]
    public Task A_draft_model_with_another_vocabulary()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(), _folder.File("pico.gguf"));
        return Refused("it holds 320 tokens, expected 512", "ask", "hi", "-m", Brick.Stories, "--draft", _folder.File("pico.gguf"));
    }

    [Theory]
    [InlineData("--prompt-lookup")]
    [InlineData("--draft")]
    public Task Guessing_for_a_recurrent_model(string way)
    {
        var mamba = SharedData.InRepository("tests", "Brickwork.Conformance", "Data", "mamba2-f16.gguf");
        return Refused("mamba2", ["ask", "--tokens", "1,2", "-m", mamba, way, .. way == "--draft" ? [mamba] : Array.Empty<string>()]);
    }

    [Fact]
    public async Task An_output_that_exists()
    {
        var old = _folder.Write("old.bin", "old");

        (await Brick.Run("logits", "--tokens", "1,2", "--out", old, "--json")).ShouldBeRefused(2, "--force").ShouldSayItInJson();
        (await File.ReadAllTextAsync(old)).ShouldBe("old");
    }

    /// <summary>Runs with and without --json, and sees that the folder holds afterwards what it held before.</summary>
    async Task Refused(string word, params string[] arguments)
    {
        var before = Directory.GetFileSystemEntries(_folder.Path);

        (await Brick.Run(arguments)).ShouldBeRefused(3, word).Result.ShouldBeEmpty();
        (await Brick.Run([.. arguments, "--json"])).ShouldBeRefused(3, word).ShouldSayItInJson();

        Directory.GetFileSystemEntries(_folder.Path).ShouldBe(before, ignoreOrder: true);
    }
}
