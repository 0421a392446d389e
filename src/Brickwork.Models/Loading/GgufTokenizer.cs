namespace Brickwork.Models.Loading;

/// <summary>The tokenizer as GGUF's metadata tells it.</summary>
static partial class GgufTokenizer
{
    const string Keys = "tokenizer.ggml.";

    /// <summary>Reads <c>tokenizer.ggml.*</c>.</summary>
    /// <exception cref="CheckpointException">There is no tokenizer, or a value has the wrong type.</exception>
    public static TokenizerDefinition Read(Metadata metadata)
    {
        var model = metadata.Text(Keys + "model");
        var tokens = metadata.TryTexts(Keys + "tokens") ?? throw new CheckpointException(
            $"Metadata '{Keys}tokens' in {metadata.Source} is missing; expected the texts of all tokens.", "Convert the model again, with its tokenizer.");
        int? Id(string key) => metadata.TryInt(Keys + key + "_token_id") is >= 0 and var id ? id : null;
        var definition = new TokenizerDefinition
        {
            Model = model,
            Pre = metadata.TryText(Keys + "pre"),
            Tokens = tokens,
            Scores = metadata.TryFloats(Keys + "scores"),
            TokenTypes = metadata.TryInts(Keys + "token_type") is { } types ? Array.ConvertAll(types, type => (TokenType)type) : null,
            Merges = metadata.TryTexts(Keys + "merges"),
            Bos = Id("bos"),
            Eos = Id("eos"),
            Unknown = Id("unknown"),
            Separator = Id("seperator") ?? Id("separator"),
            Padding = Id("padding"),
            Mask = Id("mask"),
            Eot = Id("eot"),
            Eom = Id("eom"),
            FimPrefix = Id("fim_pre") ?? Id("prefix"),
            FimSuffix = Id("fim_suf") ?? Id("suffix"),
            FimMiddle = Id("fim_mid") ?? Id("middle"),
            FimPadding = Id("fim_pad"),
            FimRepository = Id("fim_rep"),
            FimSeparator = Id("fim_sep"),
            EndOfGeneration = metadata.TryInts(Keys + "eos_token_ids") ?? [],
            AddBos = metadata.TryBool(Keys + "add_bos_token"),
            AddEos = metadata.TryBool(Keys + "add_eos_token"),
            AddSeparator = metadata.TryBool(Keys + "add_sep_token"),
            AddSpacePrefix = metadata.TryBool(Keys + "add_space_prefix"),
            // Files of this model say so of themselves, but were always read without; the ids of published models are those.
            RemoveExtraWhitespaces = model == "llama" ? null : metadata.TryBool(Keys + "remove_extra_whitespaces"),
            Lowercase = metadata.TryBool(Keys + "normalizer.lowercase"),
            StripAccents = metadata.TryBool(Keys + "normalizer.strip_accents"),
            PrecompiledCharsMap = CharsMap(metadata),
        };
        return WithStripping(WithDefaults(definition), metadata.TryText("general.name") ?? "");
    }

    // A converter leaves out what has always been so for its kind of model.
    static TokenizerDefinition WithDefaults(TokenizerDefinition given)
    {
        int? InRange(int id) => id < given.Tokens.Count ? id : null;
        return given.Model switch
        {
            "llama" => given with { Bos = given.Bos ?? InRange(1), Eos = given.Eos ?? InRange(2), Unknown = given.Unknown ?? InRange(0) },
            "t5" => given with { Eos = given.Eos ?? InRange(1), Unknown = given.Unknown ?? InRange(2), Padding = given.Padding ?? InRange(0) },
            "bert" => given with
            {
                Bos = given.Bos ?? InRange(101),
                Unknown = given.Unknown ?? InRange(100),
                Separator = given.Separator ?? InRange(102),
                Padding = given.Padding ?? InRange(0),
                Mask = given.Mask ?? InRange(103),
            },
            _ => given,
        };
    }

    // GGUF has no key for white space that a special token swallows; it goes by the model's name.
    static TokenizerDefinition WithStripping(TokenizerDefinition given, string name)
    {
        var phi3 = name.Contains("phi-3", StringComparison.OrdinalIgnoreCase) || name.Contains("phi3", StringComparison.OrdinalIgnoreCase);
        if (phi3 && given.TokenTypes is { } types)
        {
            var stripping = Enumerable.Range(0, Math.Min(types.Count, given.Tokens.Count)).Where(
                id => types[id] is TokenType.Control or TokenType.Unknown or TokenType.UserDefined && given.Tokens[id] is not ("<unk>" or "<s>" or "<|endoftext|>"));
            return given with { StripRight = [.. stripping] };
        }
        var strips = name.Contains("modern-bert", StringComparison.OrdinalIgnoreCase) || given.Pre is "jina-v2-de" or "jina-v2-es" or "jina-v2-code";
        return strips && given.Mask is { } mask ? given with { StripLeft = [mask] } : given;
    }

    static byte[]? CharsMap(Metadata metadata) => metadata.Find(Keys + "precompiled_charsmap")?.Value switch
    {
        null => null,
        byte[] bytes => bytes,
        sbyte[] bytes => Array.ConvertAll(bytes, value => (byte)value),
        _ => throw new CheckpointException($"Metadata '{Keys}precompiled_charsmap' in {metadata.Source} is no array of bytes.", "Convert the model again, with its tokenizer."),
    };
}
