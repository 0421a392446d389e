using System.Buffers.Binary;
using System.Text;
using Brickwork.Formats.Reading;

namespace Brickwork.Formats.Llama2C;

/// <summary>Reads llama2.c's <c>tokenizer.bin</c> and presents it as GGUF presents a SentencePiece vocabulary.</summary>
static class Llama2CTokens
{
    const int Unknown = 0, Begin = 1, End = 2;
    const int NormalType = 1, UnknownType = 2, ControlType = 3, ByteType = 6;

    // A score and a length: a token of no bytes takes these.
    const int SmallestToken = sizeof(float) + sizeof(int);

    public static void AddTo(Metadata metadata, ByteCursor cursor, long vocabulary)
    {
        _ = cursor.UInt32("the length of the longest token");
        if (vocabulary > cursor.Remaining / SmallestToken)
            throw cursor.Fault("the vocabulary", $"at most {cursor.Remaining / SmallestToken} tokens", $"{vocabulary}, as the model says");
        var tokens = new string[vocabulary];
        var scores = new float[vocabulary];
        var types = new int[vocabulary];
        for (var id = 0; id < tokens.Length; id++)
        {
            cursor.Entry = ($"token {id}", null);
            scores[id] = BinaryPrimitives.ReadSingleLittleEndian(cursor.Take(sizeof(float), "the score"));
            var length = (int)cursor.UInt32("the length");
            if (length < 0)
                throw cursor.Fault("the length", $"{length}", "0 or more", sizeof(int));
            (tokens[id], types[id]) = Present(id, Encoding.UTF8.GetString(cursor.Take(length, "the text")));
        }
        cursor.Entry = ("end", null);
        if (cursor.Remaining > 0)
            throw cursor.Fault("the file", $"{cursor.Remaining} bytes longer", $"{vocabulary} tokens, as the model says");
        metadata.Set("tokenizer.ggml.model", "llama");
        metadata.Set("tokenizer.ggml.pre", "default");
        metadata.Set("tokenizer.ggml.tokens", tokens);
        metadata.Set("tokenizer.ggml.scores", scores);
        metadata.Set("tokenizer.ggml.token_type", types);
        metadata.Set("tokenizer.ggml.bos_token_id", (uint)Begin);
        metadata.Set("tokenizer.ggml.eos_token_id", (uint)End);
        metadata.Set("tokenizer.ggml.unknown_token_id", (uint)Unknown);
        metadata.Set("tokenizer.ggml.add_bos_token", true);
        metadata.Set("tokenizer.ggml.add_eos_token", false);
        metadata.Set("tokenizer.ggml.add_space_prefix", true);
    }

    /// <summary>llama2.c writes line breaks around its marks and plain spaces where SentencePiece has U+2581.</summary>
    static (string Token, int Type) Present(int id, string text) => id switch
    {
        Unknown => (text, UnknownType),
        Begin or End => (text.Trim('\n'), ControlType),
        _ when IsByte(text) => (text, ByteType),
        _ => (text.Replace(' ', '\u2581'), NormalType),
    };

    static bool IsByte(string text) => text is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low);
}
