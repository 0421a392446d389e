using Brickwork.TestKit;

namespace Brickwork.Models.Tests.HuggingFace;

public class TokenizerFilesTests
{
    static readonly string[] Texts =
        ["", "Once upon a time, there was a little girl.", "  two  spaces and\na line\tand 1234.5", "don't  STOP\r\n\r\nnaïve café — 漢字 😀", "<s> </s> <|endoftext|>"];

    [SkippableTheory]
    [InlineData("llama-q4_0")]
    [InlineData("qwen2-q4_1")]
    [InlineData("falcon-f16")]
    [InlineData("gpt-oss-mxfp4")]
    [InlineData("deepseek2-mla-f16")]
    [InlineData("bert-f32")]
    public void Texts_have_the_same_ids_after_a_way_through_a_Hugging_Face_folder_and_back(string id)
    {
        using var folder = new TemporaryFolder();
        var (source, huggingFace, back) = (PicoFamilies.Require(id), folder.File("model"), folder.File("back.gguf"));
        ModelConverter.Convert(source, huggingFace);
        ModelConverter.Convert(huggingFace, back);
        using var model = LanguageModel.Load(source);
        using var asFolder = LanguageModel.Load(huggingFace);
        using var again = LanguageModel.Load(back);

        foreach (var text in Texts)
        {
            var expected = model.Tokenizer.Encode(text, EncodeOptions.AddSpecial);
            asFolder.Tokenizer.Encode(text, EncodeOptions.AddSpecial).ShouldBe(expected, $"as a folder: {text}");
            again.Tokenizer.Encode(text, EncodeOptions.AddSpecial).ShouldBe(expected, $"as GGUF again: {text}");
        }
        asFolder.Tokenizer.EndOfGeneration.ShouldBe(model.Tokenizer.EndOfGeneration, ignoreOrder: true);
        again.Tokenizer.EndOfGeneration.ShouldBe(model.Tokenizer.EndOfGeneration, ignoreOrder: true);
    }

    [SkippableFact]
    public void Rows_of_the_embedding_without_a_token_get_names_in_GGUF()
    {
        using var folder = new TemporaryFolder();
        var source = new MemoryCheckpoint("a test");
        using var file = GgufCheckpoint.OpenFile(PicoFamilies.Require("qwen2-q4_1"));
        foreach (var (key, value) in file.Metadata)
            source.Metadata.Set(key, value);
        foreach (var tensor in file.Tensors)
            source.Add(tensor.Name, tensor.Name == "token_embd.weight" ? Tensor.Zeros(520, tensor.Shape.Columns) : file.Open(tensor.Name));
        source.Metadata.Set("qwen2.vocab_size", 520u);
        ModelConverter.Convert(source, folder.File("model"));

        using var checkpoint = HuggingFaceCheckpoint.OpenFolder(folder.File("model"));

        var tokens = checkpoint.Metadata.TryTexts("tokenizer.ggml.tokens")!;
        tokens.Length.ShouldBe(520);
        tokens[519].ShouldBe("[PAD519]");
    }

    [SkippableFact]
    public void A_chat_template_goes_along()
    {
        using var folder = new TemporaryFolder();
        using var file = GgufCheckpoint.OpenFile(PicoFamilies.Require("qwen2-q4_1"));
        const string Template = "{% for message in messages %}{{ message.content }}\n{% endfor %}";
        file.Metadata.Set("tokenizer.chat_template", Template);
        ModelConverter.Convert(file, folder.File("model"));

        using var checkpoint = HuggingFaceCheckpoint.OpenFolder(folder.File("model"));

        File.ReadAllText(folder.File("model", "chat_template.jinja")).ShouldBe(Template);
        checkpoint.Metadata.Text("tokenizer.chat_template").ShouldBe(Template);
    }
}
