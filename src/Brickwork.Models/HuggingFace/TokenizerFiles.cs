using System.Text;
using Brickwork.Formats.Reading;
using Brickwork.Models.Loading;

namespace Brickwork.Models.HuggingFace;

/// <summary>The tokenizer of a folder, and what becomes of it in metadata.</summary>
static class TokenizerFiles
{
    /// <summary>Reads tokenizer.json, or else tokenizer.model, and describes it in the model's metadata.</summary>
    /// <returns>The tokenizer; null where the folder has none.</returns>
    public static Tokenizer? Read(HuggingFaceFolder folder, CanonicalModel model)
    {
        if (folder.ChatTemplates.GetValueOrDefault("default") is { } template)
            model.Set("tokenizer.chat_template", template);
        foreach (var (name, other) in folder.ChatTemplates.Where(entry => entry.Key != "default"))
            model.Set($"tokenizer.chat_template.{name}", other);
        if (ReadTokenizer(folder) is not { } tokenizer)
            return null;
        if (TryDefine(tokenizer) is { } definition)
            GgufTokenizer.Write(Padded(definition, model.TryInt("vocab_size") ?? 0), model.Metadata);
        return tokenizer;
    }

    /// <summary>Writes tokenizer.json, tokenizer_config.json, generation_config.json and chat_template.jinja.</summary>
    public static void Write(string folder, CanonicalModel model)
    {
        if (!model.Metadata.Contains("tokenizer.ggml.model"))
            return;
        var definition = GgufTokenizer.Read(model.Metadata);
        var template = model.TryText("tokenizer.chat_template");
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), HuggingFaceTokenizerWriter.Write(definition));
        File.WriteAllBytes(Path.Combine(folder, "tokenizer_config.json"), HuggingFaceTokenizerWriter.WriteConfig(definition, null));
        if (template is not null)
            File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), template, new UTF8Encoding(false));
        WriteGeneration(folder, definition);
    }

    static void WriteGeneration(string folder, TokenizerDefinition definition) => JsonText.Write(Path.Combine(folder, "generation_config.json"), json =>
    {
        if (definition.Bos is { } bos)
            json.WriteNumber("bos_token_id", bos);
        int[] ends = [.. new[] { definition.Eos, definition.Eot, definition.Eom }.OfType<int>().Concat(definition.EndOfGeneration).Distinct()];
        if (ends.Length == 1)
            json.WriteNumber("eos_token_id", ends[0]);
        else if (ends.Length > 1)
        {
            json.WriteStartArray("eos_token_id");
            foreach (var end in ends)
                json.WriteNumberValue(end);
            json.WriteEndArray();
        }
        if (definition.Padding is { } padding)
            json.WriteNumber("pad_token_id", padding);
    });

    static Tokenizer? ReadTokenizer(HuggingFaceFolder folder)
    {
        if (folder.TokenizerPath is not null)
            return Tokenizer.FromHuggingFace(folder.ReadTokenizerBytes(), Bytes(folder.TokenizerConfig), Bytes(folder.GenerationConfig));
        return folder.SentencePiecePath is { } path ? Tokenizer.FromSentencePiece(JsonFile.ReadBytes(path, JsonFile.LargeFile)) : null;
    }

    static byte[] Bytes(System.Text.Json.JsonElement? element) => element is { } found ? Encoding.UTF8.GetBytes(found.GetRawText()) : [];

    static TokenizerDefinition? TryDefine(Tokenizer tokenizer)
    {
        try
        {
            return tokenizer.ToDefinition();
        }
        catch (UnsupportedModelException)
        {
            // The tokenizer runs all the same; only a GGUF file cannot hold it.
            return null;
        }
    }

    /// <summary>Rows of the embedding beyond the last token get names of their own, as GGUF wants one for each.</summary>
    static TokenizerDefinition Padded(TokenizerDefinition definition, int rows)
    {
        var count = definition.Tokens.Count;
        if (rows <= count || rows > 2 * count + 65536)
            return definition;
        var missing = Enumerable.Range(count, rows - count);
        return definition with
        {
            Tokens = [.. definition.Tokens, .. missing.Select(id => $"[PAD{id}]")],
            TokenTypes = [.. definition.TokenTypes ?? Enumerable.Repeat(TokenType.Normal, count), .. missing.Select(_ => TokenType.Unused)],
            Scores = definition.Scores is null ? null : [.. definition.Scores, .. missing.Select(_ => -10000f)],
        };
    }
}
