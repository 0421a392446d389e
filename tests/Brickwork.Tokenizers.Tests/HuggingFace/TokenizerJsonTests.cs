using System.Text;

namespace Brickwork.Tokenizers.Tests.HuggingFace;

public class TokenizerJsonTests
{
    static Tokenizer Read(string json) => Tokenizer.FromHuggingFace(Encoding.UTF8.GetBytes(json));

    static string[] Pieces(Tokenizer tokenizer, string text, EncodeOptions options = EncodeOptions.None) =>
        [.. tokenizer.Encode(text, options).Select(tokenizer.Piece)];

    // A WordLevel model shows the words themselves: what is cut is seen, word by word.
    static string[] Words(string preTokenizer, string text, params string[] words)
    {
        var vocabulary = string.Join(",", words.Prepend("?").Select((word, id) => $"{System.Text.Json.JsonSerializer.Serialize(word)}:{id}"));
        return Pieces(Read($$"""{"pre_tokenizer":{{preTokenizer}},"model":{"type":"WordLevel","vocab":{ {{vocabulary}} },"unk_token":"?"} }"""), text);
    }

    [Theory]
    [InlineData("Removed", "the|final|countdown")]
    [InlineData("Isolated", "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", "the|-final|-|-countdown")]
    [InlineData("Contiguous", "the|-|final|--|countdown")]
    public void A_split_treats_its_matches_as_asked(string behavior, string expected) =>
        Words($$"""{"type":"Split","pattern":{"String":"-"},"behavior":"{{behavior}}","invert":false}""", "the-final--countdown",
            "the", "final", "countdown", "-", "--", "the-", "final-", "-final", "-countdown").ShouldBe(expected.Split('|'));

    [Theory]
    [InlineData("""{"type":"Whitespace"}""", "Hi, you! ", "Hi|,|you|!")]
    [InlineData("""{"type":"WhitespaceSplit"}""", "Hi,  you! ", "Hi,|you!")]
    [InlineData("""{"type":"Digits","individual_digits":true}""", "a12", "a|1|2")]
    [InlineData("""{"type":"Digits","individual_digits":false}""", "a12", "a|12")]
    [InlineData("""{"type":"Punctuation"}""", "a..b", "a|.|.|b")]
    [InlineData("""{"type":"Punctuation","behavior":"Contiguous"}""", "a..b", "a|..|b")]
    [InlineData("""{"type":"BertPreTokenizer"}""", "Hi, a$b", "Hi|,|a|$|b")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}""", "a b", "▁a|▁b")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"never"}""", "a b", "a|▁b")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false}""", "a b", "▁a▁b")]
    [InlineData("""{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Split","pattern":{"Regex":"\\p{N}{1,2}(?!\\d)"},"behavior":"Isolated"}]}""", "a123 b", "a1|23|b")]
    public void A_pre_tokenizer_cuts_as_its_name_says(string json, string text, string expected) =>
        Words(json, text, expected.Split('|').Distinct().ToArray()).ShouldBe(expected.Split('|'));

    [Fact]
    public void Added_tokens_are_found_before_anything_else_and_swallow_the_spaces_they_ask_for()
    {
        var tokenizer = Read("""
            {"added_tokens":[
               {"id":4,"content":"<m>","special":true,"lstrip":true,"rstrip":true,"normalized":false},
               {"id":5,"content":"cat","special":false,"single_word":true,"normalized":false}],
             "pre_tokenizer":{"type":"Split","pattern":{"Regex":"."},"behavior":"Isolated"},
             "model":{"type":"WordLevel","vocab":{"?":0,"a":1," ":2,"b":3},"unk_token":"?"}}
            """);
        Pieces(tokenizer, "a <m> b", EncodeOptions.ParseSpecial).ShouldBe(["a", "<m>", "b"]);
        Pieces(tokenizer, "a <m> b").ShouldBe(["a", " ", "?", "?", "?", " ", "b"]);
        Pieces(tokenizer, "a cat b").ShouldBe(["a", " ", "cat", " ", "b"]);
        Pieces(tokenizer, "acat").ShouldBe(["a", "?", "a", "?"]);
    }

    [Fact]
    public void Normalizers_run_one_after_the_other()
    {
        var tokenizer = Read("""
            {"normalizer":{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"},{"type":"Lowercase"},{"type":"Strip"},
               {"type":"Replace","pattern":{"Regex":"\\s+"},"content":"_"},{"type":"Prepend","prepend":">"}]},
             "model":{"type":"WordLevel","vocab":{"?":0,">ete_ici":1},"unk_token":"?"}}
            """);
        Pieces(tokenizer, "  Été \t ici ").ShouldBe([">ete_ici"]);
    }

    [Fact]
    public void A_template_puts_tokens_around_a_text()
    {
        var tokenizer = Read("""
            {"post_processor":{"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing",
               "single":[{"SpecialToken":{"id":"[C]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[S]","type_id":0}}],
               "pair":[],"special_tokens":{"[C]":{"id":"[C]","ids":[1],"tokens":["[C]"]},"[S]":{"id":"[S]","ids":[2],"tokens":["[S]"]}}}]},
             "model":{"type":"WordPiece","vocab":{"[UNK]":0,"[C]":1,"[S]":2,"un":3,"##able":4},"unk_token":"[UNK]"},"decoder":{"type":"WordPiece"}}
            """);
        Pieces(tokenizer, "unable", EncodeOptions.AddSpecial).ShouldBe(["[C]", "un", "##able", "[S]"]);
        tokenizer.Decode([3, 4, 3]).ShouldBe("unable un");
    }

    [Fact]
    public void Bpe_knows_word_ends_unknown_characters_and_bytes()
    {
        var words = Read("""{"model":{"type":"BPE","vocab":{"?":0,"l":1,"o":2,"w</w>":3,"lo":4,"low</w>":5},"merges":["l o",["lo","w</w>"]],"unk_token":"?","fuse_unk":true,"end_of_word_suffix":"</w>"},"decoder":{"type":"BPEDecoder"}}""");
        Pieces(words, "low").ShouldBe(["low</w>"]);
        Pieces(words, "xxlo").ShouldBe(["?", "l", "?"]);
        var bytes = Read("""{"model":{"type":"BPE","vocab":{"a":0,"<0xC3>":1,"<0xA9>":2},"merges":[],"byte_fallback":true},"decoder":{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"}]}}""");
        Pieces(bytes, "aé").ShouldBe(["a", "<0xC3>", "<0xA9>"]);
        bytes.Decode(bytes.Encode("aé", EncodeOptions.None)).ShouldBe("aé");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":2000000000},"merges":[]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a"]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":"x"},"merges":[]}}""")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["a",-1]],"unk_id":7}}""")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{"a":0}}}""")]
    [InlineData("""{"model":{"type":"WordLevel","vocab":{"\ud800":0}}}""")]
    [InlineData("""{"post_processor":{"type":"BertProcessing","sep":["x",9],"cls":["y",9]},"model":{"type":"WordLevel","vocab":{"a":0}}}""")]
    public void A_damaged_tokenizer_json_is_a_checkpoint_fault(string json) => Should.Throw<CheckpointException>(() => Read(json));

    [Theory]
    [InlineData("""{"normalizer":{"type":"Rot13"},"model":{"type":"WordLevel","vocab":{"a":0}}}""")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a"},"behavior":"Isolated"},"model":{"type":"WordLevel","vocab":{"a":0}}}""")]
    [InlineData("""{"model":{"type":"Tarot","vocab":{"a":0}}}""")]
    public void An_unknown_part_is_named(string json) => Should.Throw<UnsupportedModelException>(() => Read(json)).NextStep.ShouldNotBeEmpty();
}
