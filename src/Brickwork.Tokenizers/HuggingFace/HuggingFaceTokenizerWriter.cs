using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Brickwork.Tokenizers;
using Brickwork.Tokenizers.HuggingFace;

namespace Brickwork;

/// <summary>Writes a tokenizer as Hugging Face's tokenizer.json; read back, it gives the same ids.</summary>
/// <remarks>SentencePiece BPE becomes ranked merges; where two ways to merge the same token compete, the rank decides instead of the place.</remarks>
public static class HuggingFaceTokenizerWriter
{
    static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>tokenizer.json as UTF-8.</summary>
    /// <exception cref="UnsupportedModelException">The model has no counterpart there (RWKV).</exception>
    public static byte[] Write(TokenizerDefinition definition)
    {
        var parts = DefinedTokenizer.Build(definition);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            AddedTokens(json, parts);
            new JsonPipelineWriter(json, definition).Write();
            Frame(json, parts);
            new JsonModelWriter(json, definition, parts).Write();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>tokenizer_config.json as UTF-8: the roles of the special tokens, and the chat template if there is one.</summary>
    public static byte[] WriteConfig(TokenizerDefinition definition, string? chatTemplate)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            void Role(string name, int? id)
            {
                if (id is { } known)
                    json.WriteString(name, definition.Tokens[known]);
            }
            json.WriteStartObject();
            Role("bos_token", definition.Bos);
            Role("eos_token", definition.Eos);
            Role("unk_token", definition.Unknown);
            Role("pad_token", definition.Padding);
            Role("sep_token", definition.Separator);
            Role("mask_token", definition.Mask);
            json.WriteBoolean("clean_up_tokenization_spaces", definition.CleanUpSpaces ?? false);
            json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
            if (chatTemplate is not null)
                json.WriteString("chat_template", chatTemplate);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static void AddedTokens(Utf8JsonWriter json, TokenizerParts parts)
    {
        json.WriteStartArray("added_tokens");
        for (var id = 0; id < parts.Vocabulary.Count; id++)
        {
            var type = parts.Vocabulary.Types[id];
            if (type is not (TokenType.Control or TokenType.Unknown or TokenType.UserDefined))
                continue;
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", parts.Vocabulary.Tokens[id]);
            json.WriteBoolean("single_word", false);
            json.WriteBoolean("lstrip", parts.Definition.StripLeft.Contains(id));
            json.WriteBoolean("rstrip", parts.Definition.StripRight.Contains(id));
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", type != TokenType.UserDefined);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void Frame(Utf8JsonWriter json, TokenizerParts parts)
    {
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        json.WriteStartArray("single");
        Part(json, parts, parts.Before);
        json.WriteStartObject();
        json.WriteStartObject("Sequence");
        json.WriteString("id", "A");
        json.WriteNumber("type_id", 0);
        json.WriteEndObject();
        json.WriteEndObject();
        Part(json, parts, parts.Behind);
        json.WriteEndArray();
        json.WriteStartArray("pair");
        json.WriteEndArray();
        json.WriteStartObject("special_tokens");
        foreach (var id in parts.Before.Concat(parts.Behind).Distinct())
        {
            var token = parts.Vocabulary.Tokens[id];
            json.WriteStartObject(token);
            json.WriteString("id", token);
            json.WriteStartArray("ids");
            json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            json.WriteStringValue(token);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void Part(Utf8JsonWriter json, TokenizerParts parts, IReadOnlyList<int> ids)
    {
        foreach (var id in ids)
        {
            json.WriteStartObject();
            json.WriteStartObject("SpecialToken");
            json.WriteString("id", parts.Vocabulary.Tokens[id]);
            json.WriteNumber("type_id", 0);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }
}
