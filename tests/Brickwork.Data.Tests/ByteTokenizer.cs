namespace Brickwork.Data.Tests;

/// <summary>A tokenizer of 256 bytes and an end-of-text token, so that a test can see the text in the tokens.</summary>
static class ByteTokenizer
{
    public static Tokenizer Create() => Tokenizer.Create(new TokenizerDefinition
    {
        Model = "gpt2",
        Pre = "gpt-2",
        Tokens = [.. Enumerable.Range(0, 256).Select(value => Letters[value].ToString()), "<|endoftext|>"],
        Merges = [],
        TokenTypes = [.. Enumerable.Repeat(TokenType.Normal, 256), TokenType.Control],
        Eos = 256,
    });

    static string Letters
    {
        get
        {
            var next = (char)256;
            return new string([.. Enumerable.Range(0, 256).Select(value => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++)]);
        }
    }
}
