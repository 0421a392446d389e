using System.Diagnostics;

namespace Brickwork.Tokenizers.Tests;

public class DefinitionTests
{
    static readonly TokenizerDefinition Bpe = Vectors.Definition(Vectors.Data("bpe512.gguf"));
    static readonly TokenizerDefinition SentencePiece = Vectors.Definition(Vectors.Data("spm512.gguf"));

    public static TheoryData<string> Damages => [.. Damaged.Keys];

    static Dictionary<string, TokenizerDefinition> Damaged => new()
    {
        ["no tokens"] = Bpe with { Tokens = [] },
        ["duplicate tokens"] = Bpe with { Tokens = [.. Bpe.Tokens.Take(511), "Ā"] },
        ["no merges"] = Bpe with { Merges = null },
        ["a merge of one symbol"] = Bpe with { Merges = ["ab"] },
        ["a merge with nothing behind"] = Bpe with { Merges = ["a "] },
        ["an id out of range"] = Bpe with { Eos = 512 },
        ["a negative id"] = Bpe with { Bos = -3 },
        ["too few token types"] = Bpe with { TokenTypes = [TokenType.Normal] },
        ["too few scores"] = SentencePiece with { Scores = [1] },
        ["no scores"] = SentencePiece with { Scores = null },
        ["a score that is no number"] = SentencePiece with { Scores = [.. Enumerable.Repeat(float.NaN, 512)] },
        ["a start token that is wanted and missing"] = SentencePiece with { Bos = null, AddBos = true },
        ["a map cut short"] = SentencePiece with { PrecompiledCharsMap = [9, 9, 9, 9, 9] },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_definition_that_contradicts_itself_is_a_checkpoint_fault(string damage) =>
        Should.Throw<CheckpointException>(() => Tokenizer.Create(Damaged[damage])).NextStep.ShouldNotBeEmpty();

    [Fact]
    public void A_missing_byte_is_named_when_a_text_needs_it()
    {
        var tokens = Bpe.Tokens.ToArray();
        tokens[Array.IndexOf(tokens, "Z")] = "[hole]";
        var tokenizer = Tokenizer.Create(Bpe with { Tokens = tokens });
        tokenizer.Encode("abc", EncodeOptions.None).ShouldNotBeEmpty();
        Should.Throw<CheckpointException>(() => tokenizer.Encode("Z", EncodeOptions.None)).Message.ShouldContain("0x5A");
    }

    [Fact]
    public void Unknown_names_list_the_known_ones()
    {
        Should.Throw<UnsupportedModelException>(() => Tokenizer.Create(Bpe with { Pre = "klingon" })).NextStep.ShouldContain("llama-bpe");
        Should.Throw<UnsupportedModelException>(() => Tokenizer.Create(Bpe with { Model = "tarot" })).NextStep.ShouldContain("gpt2");
    }

    [Fact]
    public void What_ends_a_generation_is_known_by_role_and_by_name()
    {
        var tokenizer = Tokenizer.Create(Bpe);
        tokenizer.EndOfGeneration.Order().ShouldBe([504, 506]);
        tokenizer.FimPrefix.ShouldBe(508);
        tokenizer.Eot.ShouldBe(506);
        tokenizer.IsControl(506).ShouldBeTrue();
        tokenizer.TryFind("<think>", out var think).ShouldBeTrue();
        tokenizer.IsSpecial(think).ShouldBeTrue();
    }

    [Fact]
    public void The_longest_match_is_taken_by_an_rwkv_vocabulary()
    {
        var tokenizer = Tokenizer.Create(new TokenizerDefinition { Model = "rwkv", Tokens = ["<s>", "a", "ab", "\\n", "\\xc3", "\\xa9"] });
        tokenizer.Encode("aab\né", EncodeOptions.None).ShouldBe([1, 2, 3, 4, 5]);
        tokenizer.Decode([1, 2, 3, 4, 5]).ShouldBe("aab\né");
    }

    [Theory]
    [InlineData("gpt-2", 'a')]
    [InlineData("llama-bpe", ' ')]
    [InlineData("gpt-4o", 'A')]
    [InlineData("deepseek-llm", ' ')]
    [InlineData("superbpe", '7')]
    [InlineData("tiny_aya", '7')]
    [InlineData("tekken", '世')]
    [InlineData("kimi-k2", '世')]
    [InlineData("gemma4", 'a')]
    public void A_long_text_without_a_break_takes_time_in_proportion(string pre, char letter)
    {
        var tokenizer = Tokenizer.Create(Bpe with { Pre = pre });
        var watch = Stopwatch.StartNew();
        tokenizer.Encode(new string(letter, 400_000) + "x", EncodeOptions.None);
        // A quadratic step takes minutes here; a busy machine still finishes a linear one in seconds.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_long_word_takes_time_in_proportion_for_sentencepiece()
    {
        var tokenizer = Tokenizer.Create(SentencePiece);
        var watch = Stopwatch.StartNew();
        tokenizer.Encode(new string('a', 400_000), EncodeOptions.None).Length.ShouldBeGreaterThan(1000);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }
}
