using System.Globalization;

namespace Brickwork.Tokenizers.Tests;

/// <summary>llama.cpp's pairs of files: texts, and a line of ids for each.</summary>
static class PublishedVectors
{
    public static void ShouldHoldFor(Tokenizer tokenizer, string file)
    {
        var texts = File.ReadAllText(file).Split("\n__ggml_vocab_test__\n");
        var lines = File.ReadAllLines(Path.ChangeExtension(file, ".out"));
        texts = texts[^1].Length == 0 ? texts[..^1] : texts;
        lines.Length.ShouldBe(texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            var expected = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));
            tokenizer.Encode(texts[i], EncodeOptions.None).ShouldBe(expected, texts[i]);
        }
    }
}
