using System.Text;
using System.Text.Json;
using Brickwork.Models.Loading;
using Brickwork.TestKit;

namespace Brickwork.Tokenizers.Tests;

/// <summary>Texts with the ids and bytes that llama.cpp gives for them.</summary>
sealed class Vectors(JsonElement root)
{
    public static Vectors Open(string path) => new(JsonDocument.Parse(File.ReadAllBytes(path)).RootElement);

    public static string Data(string name) => SharedData.InRepository("tests", "Brickwork.Tokenizers.Tests", "Data", name);

    public static TokenizerDefinition Definition(string path)
    {
        using var checkpoint = GgufCheckpoint.OpenFile(path);
        return GgufTokenizer.Read(checkpoint.Metadata);
    }

    public string[] Texts { get; } = [.. root.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];

    public IEnumerable<(string[] Names, JsonElement[] Rows)> Groups => root.GetProperty("groups").EnumerateArray()
        .Select(group => (group.GetProperty("pre").EnumerateArray().Select(name => name.GetString()!).ToArray(), group.GetProperty("rows").EnumerateArray().ToArray()));

    public JsonElement[] Rows => [.. root.GetProperty("rows").EnumerateArray()];

    /// <summary>Compares every text; all differences are reported together.</summary>
    public void ShouldHoldFor(Tokenizer tokenizer, JsonElement[] rows)
    {
        var faults = new StringBuilder();
        void Compare<T>(string text, string what, IEnumerable<T> found, IEnumerable<T> expected)
        {
            if (!found.SequenceEqual(expected))
                faults.AppendLine($"{what} of {JsonSerializer.Serialize(text)}: [{string.Join(' ', found)}], expected [{string.Join(' ', expected)}]");
        }

        for (var i = 0; i < Texts.Length; i++)
        {
            var text = Texts[i];
            int[] Ids(string name) => [.. rows[i].GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
            byte[] Bytes(string name) => rows[i].GetProperty(name) is { ValueKind: JsonValueKind.Array } bytes
                ? [.. bytes.EnumerateArray().Select(value => value.GetByte())]
                : Encoding.UTF8.GetBytes(text);
            Compare(text, "plain", tokenizer.Encode(text, EncodeOptions.None), Ids("plain"));
            Compare(text, "add", tokenizer.Encode(text, EncodeOptions.AddSpecial), Ids("add"));
            Compare(text, "special", tokenizer.Encode(text, EncodeOptions.All), WithoutSecondStart(tokenizer, Ids("special")));
            Compare(text, "back", tokenizer.DecodeBytes(Ids("plain"), DecodeOptions.CleanUpSpaces), Bytes("back"));
            Compare(text, "back_special", tokenizer.DecodeBytes(Ids("special"), DecodeOptions.CleanUpSpaces | DecodeOptions.RenderSpecial), Bytes("back_special"));
            Compare(text, "back_removed", tokenizer.DecodeBytes(Ids("special"), DecodeOptions.CleanUpSpaces), Bytes("back_removed"));
        }
        faults.ToString().ShouldBeEmpty();
    }

    // llama.cpp warns of a second start token and adds it all the same; we do not add it.
    static int[] WithoutSecondStart(Tokenizer tokenizer, int[] ids) =>
        tokenizer.AddsBos && ids is [var first, var second, ..] && first == second && first == tokenizer.Bos ? ids[1..] : ids;
}
