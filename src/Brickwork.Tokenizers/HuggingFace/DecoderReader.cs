using System.Text;
using System.Text.Json;
using Brickwork.Tokenizers.Bpe;
using Brickwork.Tokenizers.Decoding;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>The bytes of tokens as the part "decoder" of tokenizer.json makes them, token by token.</summary>
sealed class DecodedTokenBytes(Vocabulary vocabulary, IReadOnlyList<Func<string, string>> steps, bool byteLetters, bool bytes, int leadingSpaces) : TokenBytes(vocabulary)
{
    public override int LeadingSpaces => leadingSpaces;

    public override bool LeftOutCountsAsStart => false;

    // The letters for bytes are not for added tokens: those are written as they stand.
    protected override byte[] BuildAdded(string token) => Encoding.UTF8.GetBytes(steps.Aggregate(token, (text, step) => step(text)));

    protected override byte[] BuildNormal(string token)
    {
        if (bytes && Vocabulary.TryParseByte(token, out var value))
            return [value];
        foreach (var step in steps)
            token = step(token);
        return byteLetters ? ByteAlphabet.Read(token) : Encoding.UTF8.GetBytes(token);
    }
}

/// <summary>Reads the part "decoder".</summary>
static class DecoderReader
{
    const string Known = "Sequence, ByteLevel, Metaspace, WordPiece, ByteFallback, Fuse, Strip, Replace, BPEDecoder";

    public static DecodedTokenBytes Read(JsonElement? node, Vocabulary vocabulary)
    {
        var steps = new List<Func<string, string>>();
        var (letters, bytes, leading, fused) = (false, false, 0, false);
        // Without a decoder, tokens are words with spaces between them.
        if (node is null)
            (steps, leading) = ([token => " " + token], 1);
        foreach (var step in Steps(node))
        {
            switch (step.Type)
            {
                case "ByteLevel": letters = true; break;
                case "ByteFallback": bytes = true; break;
                case "Fuse": fused = true; break;
                case "Replace": steps.Add(Replacing(step)); break;
                case "Strip" when fused: leading = Leading(step); break;
                case "Strip": steps.Add(Stripping(step)); break;
                case "Metaspace":
                    var mark = step.Text("replacement") ?? "▁";
                    steps.Add(token => token.Replace(mark, " ", StringComparison.Ordinal));
                    leading = PreTokenizerReader.PrependScheme(step) == "never" ? 0 : 1;
                    break;
                case "WordPiece":
                    var prefix = step.Text("prefix") ?? "##";
                    steps.Add(token => token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token);
                    leading = 1;
                    break;
                case "BPEDecoder":
                    var suffix = step.Text("suffix") ?? "</w>";
                    steps.Add(token => token.Replace(suffix, " ", StringComparison.Ordinal));
                    break;
                default: throw Faults.Unsupported($"the decoder '{step.Type}'", Known);
            }
        }
        return new DecodedTokenBytes(vocabulary, steps, letters, bytes, leading);
    }

    static IEnumerable<JsonElement> Steps(JsonElement? node)
    {
        if (node is not { } step)
            return [];
        return step.Type == "Sequence" ? step.Items("decoders").SelectMany(item => Steps(item)) : [step];
    }

    static Func<string, string> Replacing(JsonElement step)
    {
        var (matching, content) = (NormalizerReader.PatternOf(step), step.Text("content") ?? "");
        return token => NormalizerReader.Replace(token, matching, content);
    }

    // Behind a Fuse, the strip is of the whole text; at its end that could not be streamed, and no published tokenizer asks for it.
    static int Leading(JsonElement step) => step.Text("content") is " " && step.Int("stop") is null or 0
        ? step.Int("start") ?? 0
        : throw Faults.Unsupported("a decoder that strips the end of a text", "Strip of spaces at the start");

    static Func<string, string> Stripping(JsonElement step)
    {
        var (content, start, stop) = (step.Text("content") ?? " ", step.Int("start") ?? 0, step.Int("stop") ?? 0);
        return token =>
        {
            for (var i = 0; i < start && token.StartsWith(content, StringComparison.Ordinal); i++)
                token = token[content.Length..];
            for (var i = 0; i < stop && token.EndsWith(content, StringComparison.Ordinal); i++)
                token = token[..^content.Length];
            return token;
        };
    }
}
