using System.Text.Json;
using Brickwork.Tokenizers.PreTokenizers;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Says in GGUF's words what a tokenizer.json says.</summary>
static class JsonDefinition
{
    public static TokenizerDefinition Read(
        JsonElement root, JsonElement model, JsonElement config, JsonElement generation, JsonVocabulary json, (int[] Before, int[] Behind) frame)
    {
        var types = Types(model, json);
        int? Role(string name) => json.Find(TokenText(config, name));
        var common = new TokenizerDefinition
        {
            Model = "none",
            Tokens = json.Tokens,
            TokenTypes = types,
            Bos = Role("bos_token") ?? Role("cls_token") ?? (frame.Before is [var first, ..] ? first : null),
            Eos = Role("eos_token") ?? (JsonModelReader.Kind(model) == "WordPiece" ? null : frame.Behind is [.., var last] ? last : null),
            Unknown = JsonModelReader.Unknown(model, json) ?? Role("unk_token"),
            Padding = Role("pad_token"),
            Separator = Role("sep_token") ?? (JsonModelReader.Kind(model) == "WordPiece" && frame.Behind is [.., var sep] ? sep : null),
            Mask = Role("mask_token"),
            EndOfGeneration = Ends(generation, json),
            CleanUpSpaces = config.Flag("clean_up_tokenization_spaces", false),
            StripLeft = [.. json.Added.Where(added => added.StripLeft).Select(added => added.Id)],
            StripRight = [.. json.Added.Where(added => added.StripRight).Select(added => added.Id)],
        };
        common = common with
        {
            AddBos = common.Bos is { } bos && frame.Before.Contains(bos),
            AddEos = common.Eos is { } eos && frame.Behind.Contains(eos),
        };
        var steps = PreTokenizerReader.Steps(root.Field("pre_tokenizer")).ToArray();
        return JsonModelReader.Kind(model) switch
        {
            "BPE" when steps.Any(step => step.Type == "ByteLevel") => ByteLevel(common, model, steps),
            "BPE" when model.Flag("byte_fallback", false) => SentencePiece(common, model, json, root, steps),
            "Unigram" => Unigram(common, json, root, steps),
            "WordPiece" => WordPiece(common, model, json, root, types),
            _ => common,
        };
    }

    /// <summary>A role's text in tokenizer_config.json: a text, or an object with "content".</summary>
    public static string? TokenText(JsonElement config, string role) => config.Field(role) switch
    {
        { ValueKind: JsonValueKind.String } text => text.AsText(role),
        { ValueKind: JsonValueKind.Object } token => token.Text("content"),
        _ => null,
    };

    static TokenizerDefinition ByteLevel(TokenizerDefinition common, JsonElement model, JsonElement[] steps)
    {
        var ignore = model.Flag("ignore_merges", false);
        return common with
        {
            Model = "gpt2",
            Pre = PreTokenizerName(steps, ignore),
            IgnoreMerges = ignore,
            Merges = [.. JsonModelReader.Merges(model).Select(merge => $"{merge.Left} {merge.Right}")],
        };
    }

    // Null where the cut has no name; such a tokenizer cannot be written as GGUF.
    static string? PreTokenizerName(JsonElement[] steps, bool ignoreMerges)
    {
        var patterns = new List<string>();
        foreach (var step in steps)
        {
            if (step.Type == "Split" && step.Field("pattern")?.Text("Regex") is { } pattern)
                patterns.Add(pattern);
            else if (step.Type == "Digits")
                patterns.Add(step.Flag("individual_digits", false) ? @"\p{N}" : @"\p{N}+");
            else if (step.Type != "ByteLevel")
                return steps.Any(other => other.Type == "Punctuation") && steps.Any(other => other.Type == "Digits") ? "falcon" : null;
            if (step.Type == "ByteLevel" && step.Flag("use_regex", true))
                patterns.Add(PreTokenizerReader.Gpt2);
        }
        return BpePreTokenizers.NameOf(patterns, ignoreMerges);
    }

    // A merge that comes early is a token of a high score.
    static TokenizerDefinition SentencePiece(TokenizerDefinition common, JsonElement model, JsonVocabulary json, JsonElement root, JsonElement[] steps)
    {
        var merges = JsonModelReader.Merges(model);
        var scores = new float[json.Tokens.Length];
        Array.Fill(scores, -merges.Length - 1);
        for (var rank = merges.Length - 1; rank >= 0; rank--)
        {
            if (json.Find(merges[rank].Left + merges[rank].Right) is { } id)
                scores[id] = -rank;
        }
        // An added run of spaces (Gemma) is written with ▁; as a normal token it merges to the same id, and decodes to spaces.
        var types = common.TokenTypes!.Select((type, id) => type == TokenType.UserDefined && json.Tokens[id].Contains('▁') ? TokenType.Normal : type);
        return common with { TokenTypes = [.. types], Model = "llama", Pre = "default", Scores = scores, AddSpacePrefix = PutsSpaceFirst(root, steps) };
    }

    static TokenizerDefinition Unigram(TokenizerDefinition common, JsonVocabulary json, JsonElement root, JsonElement[] steps)
    {
        var normalizers = Normalizers(root).ToArray();
        var precompiled = normalizers.FirstOrDefault(step => step.Type == "Precompiled");
        return common with
        {
            Model = "t5",
            Pre = "default",
            Scores = json.Scores,
            AddSpacePrefix = PutsSpaceFirst(root, steps),
            RemoveExtraWhitespaces = steps.Any(step => step.Type == "WhitespaceSplit") || normalizers.Any(step => step.Type == "Replace" && step.Field("pattern")?.Text("Regex") is " {2,}"),
            PrecompiledCharsMap = precompiled.ValueKind == JsonValueKind.Object ? NormalizerReader.PrecompiledMap(precompiled) : null,
        };
    }

    static TokenizerDefinition WordPiece(TokenizerDefinition common, JsonElement model, JsonVocabulary json, JsonElement root, TokenType[] types)
    {
        var prefix = model.Text("continuing_subword_prefix") ?? "##";
        var bert = Normalizers(root).FirstOrDefault(step => step.Type == "BertNormalizer");
        var normalizer = bert.ValueKind == JsonValueKind.Object ? NormalizerReader.Bert(bert) : null;
        return common with
        {
            Model = "bert",
            Pre = "default",
            Tokens = [.. json.Tokens.Select((token, id) => types[id] is not TokenType.Normal ? token
                : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : "▁" + token)],
            AddEos = null,
            AddSeparator = true,
            Lowercase = normalizer?.Lowercase ?? false,
            StripAccents = normalizer?.StripAccents ?? false,
        };
    }

    static bool PutsSpaceFirst(JsonElement root, JsonElement[] steps) =>
        Normalizers(root).Any(step => step.Type == "Prepend") || steps.Any(step => step.Type == "Metaspace" && PreTokenizerReader.PrependScheme(step) != "never");

    static IEnumerable<JsonElement> Normalizers(JsonElement root) => Resolve(root.Field("normalizer"));

    static IEnumerable<JsonElement> Resolve(JsonElement? node) =>
        node is not { } step ? [] : step.Type == "Sequence" ? step.Items("normalizers").SelectMany(item => Resolve(item)) : [step];

    static TokenType[] Types(JsonElement model, JsonVocabulary json)
    {
        var bytes = model.Flag("byte_fallback", false);
        var types = Array.ConvertAll(json.Tokens, token =>
            token.Length == 0 ? TokenType.Unused : bytes && Vocabulary.TryParseByte(token, out _) ? TokenType.Byte : TokenType.Normal);
        foreach (var added in json.Added)
            types[added.Id] = added.Special ? TokenType.Control : TokenType.UserDefined;
        if (JsonModelReader.Unknown(model, json) is { } unknown && unknown >= 0 && unknown < types.Length && types[unknown] == TokenType.Normal)
            types[unknown] = TokenType.Unknown;
        return types;
    }

    static int[] Ends(JsonElement generation, JsonVocabulary json) => generation.Field("eos_token_id") switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } ids => [.. ids.EnumerateArray().Select(id => id.AsInt("eos_token_id")).Where(id => id >= 0 && id < json.Tokens.Length)],
        { } id => id.AsInt("eos_token_id") is >= 0 and var end && end < json.Tokens.Length ? [end] : [],
    };
}
