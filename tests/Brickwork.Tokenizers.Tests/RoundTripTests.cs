using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Tokenizers.Tests;

public class RoundTripTests
{
    static readonly Tokenizer Bpe = Tokenizer.Create(Vectors.Definition(Vectors.Data("bpe512.gguf")) with { Pre = "llama-bpe" });
    static readonly Tokenizer SentencePiece = Tokenizer.Create(Vectors.Definition(Vectors.Data("spm512.gguf")));

    // Letters, marks, spaces, digits, emoji, and now and then any UTF-16 unit, surrogates included.
    static readonly Gen<string> Texts = Gen.Frequency(
            (6, Gen.Elements("the", " ", "  ", "\n", "'s", "12345", "é", "e\u0301", "世界", "😀", "▁", "<s>", "x.y", "\t", "ß", "\u00a0", "\r\n", "!?")),
            (2, Gen.Choose(32, 126).Select(letter => ((char)letter).ToString())),
            (1, Gen.Choose(0, 0xFFFF).Select(letter => ((char)letter).ToString())))
        .ListOf().Select(parts => string.Concat(parts));

    static string WellFormed(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Decoding_byte_level_bpe_gives_back_the_text() => Prop.ForAll(Texts.ToArbitrary(), text =>
        Bpe.Decode(Bpe.Encode(text, EncodeOptions.None)) == WellFormed(text)).QuickCheckThrowOnFailure();

    [Fact]
    public void Decoding_sentencepiece_gives_back_the_text_but_for_its_space_marks() => Prop.ForAll(Texts.ToArbitrary(), text =>
        SentencePiece.Decode(SentencePiece.Encode(text, EncodeOptions.None)) == WellFormed(text).Replace('▁', ' ')).QuickCheckThrowOnFailure();

    [Fact]
    public void Decoding_token_by_token_gives_the_same_text() => Prop.ForAll(Gen.Choose(0, 511).ListOf().ToArbitrary(), ids =>
    {
        foreach (var tokenizer in new[] { Bpe, SentencePiece })
        {
            foreach (var options in new[] { DecodeOptions.None, DecodeOptions.RenderSpecial })
            {
                var stream = tokenizer.StartDecoding(options);
                var text = string.Concat(ids.Select(stream.Append)) + stream.Flush();
                if (text != tokenizer.Decode([.. ids], options))
                    return false;
            }
        }
        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_character_spread_over_tokens_appears_with_its_last_byte()
    {
        var ids = Bpe.Encode("😀", EncodeOptions.None);
        ids.Length.ShouldBeGreaterThan(1);
        var stream = Bpe.StartDecoding();
        ids[..^1].Select(stream.Append).ShouldAllBe(text => text == "");
        stream.Append(ids[^1]).ShouldBe("😀");
        stream.Append(ids[0]).ShouldBe("");
        stream.Flush().ShouldBe("\uFFFD");
    }

    [Fact]
    public void A_lone_surrogate_counts_as_the_replacement_character() =>
        Bpe.Encode("a\ud800b", EncodeOptions.None).ShouldBe(Bpe.Encode("a\uFFFDb", EncodeOptions.None));

    [Fact]
    public void A_text_that_begins_with_its_start_token_gets_no_second_one()
    {
        SentencePiece.Encode("<s>a", EncodeOptions.All).Count(id => id == 1).ShouldBe(1);
        SentencePiece.Encode("<s>a", EncodeOptions.AddSpecial)[0].ShouldBe(1);
    }
}
