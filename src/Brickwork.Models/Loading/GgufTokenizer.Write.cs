namespace Brickwork.Models.Loading;

static partial class GgufTokenizer
{
    /// <summary>Writes <c>tokenizer.ggml.*</c>; <see cref="Read"/> gives back the same tokenizer.</summary>
    public static void Write(TokenizerDefinition definition, Metadata metadata)
    {
        void Set(string key, object? value)
        {
            if (value is not null)
                metadata.Set(Keys + key, value);
        }
        void Id(string key, int? id) => Set(key + "_token_id", id is { } known ? (uint)known : null);

        Set("model", definition.Model);
        Set("pre", definition.Pre ?? "default");
        Set("tokens", definition.Tokens.ToArray());
        Set("scores", definition.Scores?.ToArray());
        Set("token_type", definition.TokenTypes?.Select(type => (int)type).ToArray());
        Set("merges", definition.Merges?.ToArray());
        Id("bos", definition.Bos);
        Id("eos", definition.Eos);
        Id("unknown", definition.Unknown);
        Id("seperator", definition.Separator); // the format's own spelling
        Id("padding", definition.Padding);
        Id("mask", definition.Mask);
        Id("eot", definition.Eot);
        Id("eom", definition.Eom);
        Id("fim_pre", definition.FimPrefix);
        Id("fim_suf", definition.FimSuffix);
        Id("fim_mid", definition.FimMiddle);
        Id("fim_pad", definition.FimPadding);
        Id("fim_rep", definition.FimRepository);
        Id("fim_sep", definition.FimSeparator);
        Set("eos_token_ids", definition.EndOfGeneration.Count > 0 ? definition.EndOfGeneration.ToArray() : null);
        Set("add_bos_token", definition.AddBos);
        Set("add_eos_token", definition.AddEos);
        Set("add_sep_token", definition.AddSeparator);
        Set("add_space_prefix", definition.AddSpacePrefix);
        Set("remove_extra_whitespaces", definition.RemoveExtraWhitespaces);
        Set("normalizer.lowercase", definition.Lowercase);
        Set("normalizer.strip_accents", definition.StripAccents);
        Set("precompiled_charsmap", definition.PrecompiledCharsMap);
    }
}
