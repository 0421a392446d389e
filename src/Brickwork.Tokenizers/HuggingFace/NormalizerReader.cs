using System.Text;
using System.Text.Json;
using Brickwork.Tokenizers.PreTokenizers;
using Brickwork.Tokenizers.Unicode;
using Brickwork.Tokenizers.Unigram;
using Brickwork.Tokenizers.WordPiece;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Reads the part "normalizer": what is done to the text before anything else.</summary>
static class NormalizerReader
{
    const string Known = "Sequence, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Replace, Prepend, BertNormalizer, Precompiled, Nmt";

    /// <summary>The steps, one after the other.</summary>
    public static IEnumerable<Func<string, string>> Read(JsonElement? node)
    {
        if (node is not { } step)
            return [];
        return step.Type == "Sequence" ? step.Items("normalizers").SelectMany(item => Read(item)) : [Single(step)];
    }

    static Func<string, string> Single(JsonElement step)
    {
        switch (step.Type)
        {
            case "NFC": return text => UnicodeNormalization.Normalize(text, UnicodeForm.C);
            case "NFD": return text => UnicodeNormalization.Normalize(text, UnicodeForm.D);
            case "NFKC": return text => UnicodeNormalization.Normalize(text, UnicodeForm.KC);
            case "NFKD": return text => UnicodeNormalization.Normalize(text, UnicodeForm.KD);
            case "Lowercase": return text => text.ToLowerInvariant();
            case "StripAccents": return UnicodeNormalization.StripAccents;
            case "Nmt": return Nmt;
            case "Strip":
                var (left, right) = (step.Flag("strip_left", true), step.Flag("strip_right", true));
                return text => Strip(text, left, right);
            case "Prepend":
                var prefix = step.Text("prepend") ?? "";
                return text => text.Length > 0 ? prefix + text : text;
            case "Replace":
                var (matching, content) = (PatternOf(step), step.Text("content") ?? "");
                return text => Replace(text, matching, content);
            case "Precompiled":
                var map = PrecompiledMap(step);
                return map is null ? text => text : new CharsMap(map).Normalize;
            case "BertNormalizer": return Bert(step).Normalize;
            default: throw Faults.Unsupported($"the normalizer '{step.Type}'", Known);
        }
    }

    public static byte[]? PrecompiledMap(JsonElement step)
    {
        var text = step.Text("precompiled_charsmap") ?? "";
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count)
            ? count > 0 ? bytes[..count] : null
            : throw Faults.Tokenizer("'precompiled_charsmap' in tokenizer.json is no Base64.");
    }

    public static BertNormalizer Bert(JsonElement step)
    {
        var lowercase = step.Flag("lowercase", true);
        return new BertNormalizer
        {
            CleanText = step.Flag("clean_text", true),
            SpaceChinese = step.Flag("handle_chinese_chars", true),
            Lowercase = lowercase,
            StripAccents = step.Flag("strip_accents", lowercase),
        };
    }

    /// <summary>A pattern is a fixed text or a regular expression.</summary>
    public static Matching PatternOf(JsonElement step)
    {
        var pattern = step.Field("pattern") ?? throw Faults.Tokenizer($"a '{step.Type}' in tokenizer.json has no 'pattern'.");
        return pattern.Text("String") is { } text ? new TextMatching(text) : Matching.OfPattern(pattern.Text("Regex") ?? throw Faults.Tokenizer("a pattern in tokenizer.json is neither String nor Regex."));
    }

    public static string Replace(string text, Matching matching, string content)
    {
        var matches = new List<(int Start, int End)>();
        matching.FindAll(text, matches);
        if (matches.Count == 0)
            return text;
        var output = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, end) in matches)
        {
            output.Append(text, at, start - at).Append(content);
            at = end;
        }
        return output.Append(text, at, text.Length - at).ToString();
    }

    static string Strip(string text, bool left, bool right)
    {
        text = left ? text.TrimStart() : text;
        return right ? text.TrimEnd() : text;
    }

    // Control characters go and unusual spaces become plain ones, as in the neural machine translation rules of SentencePiece.
    static string Nmt(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (letter is '\t' or '\n' or '\f' or '\r' or '\u1680' or (>= '\u200B' and <= '\u200F') or '\u2028' or '\u2029' or '\u2581' or '\uFEFF' or '\uFFFD')
                output.Append(' ');
            else if (letter is not ((>= '\u0001' and <= '\u001F') or '\u007F' or '\u008F' or '\u009F'))
                output.Append(letter);
        }
        return output.ToString();
    }
}
