using System.Text.Json;
using Brickwork.Tokenizers.PreTokenizers;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Writes the parts "normalizer", "pre_tokenizer" and "decoder" of tokenizer.json.</summary>
sealed class JsonPipelineWriter(Utf8JsonWriter json, TokenizerDefinition definition)
{
    readonly BpePreTokenizer? _pre = definition.Model is "gpt2" or "gemma4" ? BpePreTokenizers.Find(definition.Model == "gemma4" ? "gemma4" : definition.Pre) : null;

    public void Write()
    {
        switch (definition.Model)
        {
            case "llama": SpaceMarks(definition.AddSpacePrefix ?? true); break;
            case "gpt2" or "gemma4": Bpe(_pre!); break;
            case "t5": Unigram(); break;
            case "bert": Bert(); break;
            default: throw Faults.Unsupported($"writing the model '{definition.Model}' as tokenizer.json", "llama, gpt2, gemma4, t5, bert");
        }
    }

    void SpaceMarks(bool prefix)
    {
        List<Action> normalizers = [() => Replace(" ", "▁")];
        if (definition.RemoveExtraWhitespaces == true)
            normalizers.InsertRange(0, [() => ReplacePattern(" {2,}", " "), () => ReplacePattern("^ | $", "")]);
        if (definition.PrecompiledCharsMap is { Length: > 0 } map)
            normalizers.Insert(0, () => Precompiled(map));
        if (prefix)
            normalizers.Add(() => Step("Prepend", () => json.WriteString("prepend", "▁")));
        Sequence("normalizer", "normalizers", normalizers);
        json.WriteNull("pre_tokenizer");
        SpaceMarkDecoder(prefix);
    }

    void SpaceMarkDecoder(bool prefix)
    {
        List<Action> decoders = [() => Replace("▁", " "), () => Step("ByteFallback"), () => Step("Fuse")];
        if (prefix)
            decoders.Add(() => Step("Strip", () => { json.WriteString("content", " "); json.WriteNumber("start", 1); json.WriteNumber("stop", 0); }));
        Sequence("decoder", "decoders", decoders);
    }

    void Bpe(BpePreTokenizer pre)
    {
        if (definition.EscapeWhitespaces ?? !pre.ByteLevel)
            Named("normalizer", () => Replace(" ", "▁"));
        else
            json.WriteNull("normalizer");
        List<Action> cuts = [.. pre.Patterns.Select(pattern => (Action)(() => Split(pattern)))];
        if (pre.ByteLevel)
            cuts.Add(ByteLevel);
        Sequence("pre_tokenizer", "pretokenizers", cuts);
        if (pre.ByteLevel)
            Named("decoder", ByteLevel);
        else
            SpaceMarkDecoder(prefix: false);
    }

    void Unigram()
    {
        if (definition.TreatWhitespaceAsSuffix == true || definition.EscapeWhitespaces == false)
            throw Faults.Unsupported("writing a Unigram model with spaces as suffixes as tokenizer.json", "spaces as prefixes");
        SpaceMarks(definition.AddSpacePrefix ?? false);
    }

    void Bert()
    {
        var lowercase = definition.Lowercase ?? true;
        Named("normalizer", () => Step("BertNormalizer", () =>
        {
            json.WriteBoolean("clean_text", true);
            json.WriteBoolean("handle_chinese_chars", true);
            json.WriteBoolean("strip_accents", definition.StripAccents ?? lowercase);
            json.WriteBoolean("lowercase", lowercase);
        }));
        Named("pre_tokenizer", () => Step("BertPreTokenizer"));
        Named("decoder", () => Step("WordPiece", () => { json.WriteString("prefix", "##"); json.WriteBoolean("cleanup", true); }));
    }

    void Sequence(string name, string list, List<Action> steps) => Named(name, () => Step("Sequence", () =>
    {
        json.WriteStartArray(list);
        foreach (var step in steps)
            step();
        json.WriteEndArray();
    }));

    void Named(string name, Action value)
    {
        json.WritePropertyName(name);
        value();
    }

    void Step(string type, Action? fields = null)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        fields?.Invoke();
        json.WriteEndObject();
    }

    void Replace(string text, string content) => Step("Replace", () => Pattern("String", text, content));

    void ReplacePattern(string pattern, string content) => Step("Replace", () => Pattern("Regex", pattern, content));

    void Pattern(string kind, string pattern, string? content)
    {
        json.WriteStartObject("pattern");
        json.WriteString(kind, pattern);
        json.WriteEndObject();
        if (content is not null)
            json.WriteString("content", content);
    }

    void Precompiled(byte[] map) => Step("Precompiled", () => json.WriteBase64String("precompiled_charsmap", map));

    void Split(string pattern) => Step("Split", () =>
    {
        Pattern("Regex", pattern, null);
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", false);
    });

    void ByteLevel() => Step("ByteLevel", () =>
    {
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", false);
    });
}
