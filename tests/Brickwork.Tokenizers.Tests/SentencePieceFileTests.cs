using System.Text.Json;
using Brickwork.TestKit;

namespace Brickwork.Tokenizers.Tests;

public class SentencePieceFileTests
{
    [SkippableTheory]
    [InlineData("tokenizer-vectors/test_model.model", "sentencepiece-unigram.json")]
    [InlineData("tokenizer-vectors/test_ja_model.model", "sentencepiece-unigram-ja.json")]
    [InlineData("model-stories260k/tok512.model", "sentencepiece-bpe.json")]
    public void A_sentencepiece_file_gives_the_ids_of_sentencepiece(string model, string vectors)
    {
        var tokenizer = Tokenizer.FromSentencePiece(File.ReadAllBytes(SharedData.Require(["data", .. model.Split('/')])));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Vectors.Data(vectors)));
        var faults = json.RootElement.EnumerateArray()
            .Select(row => (Text: row.GetProperty("text").GetString()!, Expected: row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray()))
            .Select(row => (row.Text, row.Expected, Found: tokenizer.Encode(row.Text, EncodeOptions.None)))
            .Where(row => !row.Found.SequenceEqual(row.Expected))
            .Select(row => $"'{row.Text}': [{string.Join(' ', row.Found)}], expected [{string.Join(' ', row.Expected)}]");
        faults.ShouldBeEmpty();
    }

    [SkippableFact]
    public void Paragraphs_of_stories_get_the_ids_the_model_was_trained_with()
    {
        var folder = SharedData.Require("data", "model-stories260k");
        var tokenizer = Tokenizer.Create(Vectors.Definition(Path.Combine(folder, "stories260K-f32.gguf")));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "gguf-expected.json")));
        var paragraphs = File.ReadAllText(Path.Combine(folder, "tinystories-sample.txt")).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var expected = json.RootElement.GetProperty("paragraph_ids_first3").EnumerateArray().Select(ids => ids.EnumerateArray().Select(id => id.GetInt32()).ToArray()).ToArray();
        for (var i = 0; i < expected.Length; i++)
            tokenizer.Encode(paragraphs[i].Trim(), EncodeOptions.AddSpecial).ShouldBe(expected[i]);
    }

    [Fact]
    public void A_damaged_file_is_a_checkpoint_fault()
    {
        Should.Throw<CheckpointException>(() => Tokenizer.FromSentencePiece([0x0A, 0xFF, 0x01]));
        Should.Throw<CheckpointException>(() => Tokenizer.FromSentencePiece([]));
    }
}
