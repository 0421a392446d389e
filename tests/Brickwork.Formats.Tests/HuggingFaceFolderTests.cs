using System.Text.Json;

namespace Brickwork.Formats.Tests;

public class HuggingFaceFolderTests
{
    [Fact]
    public void A_folder_without_config_is_no_model()
    {
        using var folder = new TempFolder();

        Should.Throw<CheckpointException>(() => HuggingFaceFolder.Open(folder.Root)).Message
            .ShouldBe($"The folder {folder.Root} has no config.json, so it is no Hugging Face model.");
        Should.Throw<CheckpointException>(() => HuggingFaceFolder.Open(folder.File("nowhere"))).Message.ShouldContain("does not exist");
    }

    [Fact]
    public void Everything_in_a_folder_is_found()
    {
        using var folder = Folder();
        folder.Write("tokenizer_config.json", """{"bos_token":"<s>","chat_template":"old"}""");
        folder.Write("generation_config.json", """{"temperature":0.6}""");
        folder.Write("tokenizer.json", """{"version":"1.0"}""");
        folder.Write("chat_template.jinja", "new");
        folder.Write("additional_chat_templates/tool.jinja", "with tools");
        folder.Write("model.safetensors", new PicoCheckpoint(1, DType.F16).ToSafetensors(folder));

        var found = HuggingFaceFolder.Open(folder.Root);

        found.ModelType.ShouldBe("pico");
        found.TokenizerConfig!.Value.GetProperty("bos_token").GetString().ShouldBe("<s>");
        found.GenerationConfig!.Value.GetProperty("temperature").GetDouble().ShouldBe(0.6);
        found.SpecialTokens.ShouldBeNull();
        found.SentencePiecePath.ShouldBeNull();
        using var tokenizer = found.ReadTokenizer();
        tokenizer.RootElement.GetProperty("version").GetString().ShouldBe("1.0");
        found.ChatTemplates.ShouldBe(new Dictionary<string, string> { ["default"] = "new", ["tool"] = "with tools" }, ignoreOrder: true);
        using var tensors = found.OpenTensors();
        tensors.Tensors.Count.ShouldBe(1);
    }

    [Fact]
    public void Named_chat_templates_are_read_from_the_tokenizers_settings()
    {
        using var folder = Folder();
        folder.Write("tokenizer_config.json", """{"chat_template":[{"name":"default","template":"a"},{"name":"rag","template":"b"}]}""");

        HuggingFaceFolder.Open(folder.Root).ChatTemplates.ShouldBe(new Dictionary<string, string> { ["default"] = "a", ["rag"] = "b" }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("config.json", "{")]
    [InlineData("config.json", "[]")]
    [InlineData("config.json", "")]
    [InlineData("tokenizer_config.json", "nonsense")]
    [InlineData("tokenizer_config.json", """{"chat_template":7}""")]
    [InlineData("tokenizer_config.json", """{"chat_template":"\ud800"}""")]
    [InlineData("tokenizer_config.json", """{"chat_template":[{"name":"x"}]}""")]
    public void A_broken_file_is_named(string name, string text)
    {
        using var folder = Folder();
        folder.Write(name, text);

        Should.Throw<CheckpointException>(() => HuggingFaceFolder.Open(folder.Root)).Message.ShouldContain(name);
    }

    [Fact]
    public void Pickled_weights_are_refused_and_missing_weights_are_named()
    {
        using var folder = Folder();
        var found = HuggingFaceFolder.Open(folder.Root);

        Should.Throw<CheckpointException>(found.OpenTensors).Message.ShouldContain("no .safetensors file");
        folder.Write("pytorch_model.bin", "PK");
        Should.Throw<UnsupportedModelException>(found.OpenTensors).NextStep.ShouldContain("safe_serialization=True");
    }

    [Fact]
    public void A_config_without_model_type_is_an_error_when_it_is_asked_for()
    {
        using var folder = new TempFolder();
        folder.Write("config.json", "{}");
        var found = HuggingFaceFolder.Open(folder.Root);

        found.Config.ValueKind.ShouldBe(JsonValueKind.Object);
        Should.Throw<CheckpointException>(() => found.ModelType).Message.ShouldContain("model_type");
    }

    static TempFolder Folder()
    {
        var folder = new TempFolder();
        folder.Write("config.json", """{"model_type":"pico"}""");
        return folder;
    }
}
