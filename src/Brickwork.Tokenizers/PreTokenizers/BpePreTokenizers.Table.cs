namespace Brickwork.Tokenizers.PreTokenizers;

// The patterns are those of the published tokenizer.json files; the names are llama.cpp's.
static partial class BpePreTokenizers
{
    const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    const string WordAndBreaks = @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string WordAndSlashes = @" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string CasedWord = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+";
    const string UpperWord = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*";
    const string CasedNotHan = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+";
    const string UpperNotHan = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*";

    const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    const string Llama3 = $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}|{WordAndBreaks}";
    const string MiniCpm = $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}+|{WordAndBreaks}";
    const string Qwen2 = $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}|{WordAndBreaks}";
    const string Qwen35 = $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?[\p{{L}}\p{{M}}]+|\p{{N}}| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string Jais2 = $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s{{512}}(?!\S)|\s{{256}}(?!\S)|\s{{128}}(?!\S)|\s{{64}}(?!\S)|\s{{32}}(?!\S)|\s{{16}}(?!\S)|\s{{8}}(?!\S)|\s{{4}}(?!\S)|\s{{1,2}}(?!\S)|\s{{1}}";
    const string Gpt4O = $@"{CasedWord}{Contractions}?|{UpperWord}{Contractions}?|\p{{N}}{{1,3}}|{WordAndSlashes}";
    const string Tekken = $@"{CasedWord}|{UpperWord}|\p{{N}}|{WordAndSlashes}";
    const string KimiK2 = $@"[\p{{Han}}]+|{CasedNotHan}{Contractions}?|{UpperNotHan}{Contractions}?|\p{{N}}{{1,3}}|{WordAndBreaks}";
    const string BailingMoe = $@"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{{L}}\p{{N}}]?+\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+";
    const string SeedCoder = $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1}}| ?[^\s\p{{L}}\p{{N}}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string ExaoneMoe = $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?(?:\p{{L}}\p{{M}}*(?: \p{{L}}\p{{M}}*)*)+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+";
    const string Youtu = $@"{CasedWord}{Contractions}?|{UpperWord}{Contractions}?|\p{{N}}|{WordAndSlashes}";
    const string YoutuScripts = "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥぀-ゟ゠-ヿ]+";
    const string PunctuationAndLetters = """[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+""";
    const string DeepSeek3 = PunctuationAndLetters + @"[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string Spark = PunctuationAndLetters + @"|[\r\n]|\s+(?!\S)|\s+";
    const string HanAndKana = "[一-龥぀-ゟ゠-ヿ]+";
    const string HanAndHangul = "[一-龥ࠀ-一가-퟿]+";
    const string DeepSeekLetters = "\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u1F7Dᾀ-ᾴᾶ-ᾼ\u1FBEῂ-ῄῆ-ῌῐ-\u1FD3ῖ-\u1FDBῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212A-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃]+";
    const string DeepSeekMarks = @"\s?[!-/:-~！-／：-～‘-‟　-。]+";
    const string Bloom = " ?[^(\\s|.,!?…。，、।۔،)]+";
    const string AsianScripts = "[一-鿿㐀-䶿\uF900-\uFAFF぀-ゟ゠-ヿ･-ﾟ⼀-⿟เ-๿຀-໿ក-៿က-႟ꩠ-ꩿꧠ-꧿가-힯ᄀ-ᇿ]+";
    const string Lines = @"[^\n]+|[\n]+";

    static readonly Dictionary<string, BpePreTokenizer> ByName = Build();

    // Other spellings of the same patterns, as they stand in published files.
    static readonly Dictionary<string, string> Spellings = new(StringComparer.Ordinal)
    {
        [Qwen2.Replace(Contractions, "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])", StringComparison.Ordinal)] = Qwen2,
        [Llama3.Replace(Contractions, "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])", StringComparison.Ordinal)] = Llama3,
        [@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"] = Gpt2,
        [@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"] = Gpt2,
    };

    static Dictionary<string, BpePreTokenizer> Build()
    {
        var table = new Dictionary<string, BpePreTokenizer>(StringComparer.Ordinal);
        void Add(BpePreTokenizer way, params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
                table.Add(name, way);
        }

        Add(new(@"[\p{P}\$\+<=>\^~\|]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]") { CleanUpSpaces = true }, "default");
        AddWordPatterns(Add);
        AddCodePatterns(Add);
        AddAsianPatterns(Add);
        return table;
    }

    delegate void Adder(BpePreTokenizer way, params ReadOnlySpan<string> names);

    static void AddWordPatterns(Adder add)
    {
        add(new(Gpt2) { CleanUpSpaces = true },
            "gpt-2", "mpt", "olmo", "exaone4", "jais", "phi-2", "roberta-bpe", "modern-bert", "mellum", "a.x-4.0", "gigachat",
            "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "jina-v1-en", "jina-v2-code");
        add(new(Gpt2), "trillion", "granite-docling");
        add(new(Llama3) { IgnoreMerges = true, AddBos = true, CleanUpSpaces = true },
            "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2", "midm-2.0", "jina-v5-nano");
        add(new(Llama3) { CleanUpSpaces = true }, "dbrx", "smaug-bpe", "glm4", "chatglm-bpe");
        add(new(Jais2) { CleanUpSpaces = true }, "jais-2");
        add(new(@"\p{N}{1,3}", MiniCpm) { IgnoreMerges = true, CleanUpSpaces = true }, "minicpm5");
        add(new(Qwen2), "qwen2", "hunyuan", "grok-2", "solar-open", "deepseek-r1-qwen", "kormo", "f2llmv2");
        add(new(Qwen2) { CleanUpSpaces = true }, "stablelm2", "megrez");
        add(new(Lines, Qwen2), "laguna");
        add(new(Qwen35), "qwen35");
        add(new(Gpt4O), "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
        add(new(Gpt4O) { IgnoreMerges = true }, "granite-embed-multi-97m");
        add(new(DigitGroups.UpToWords, Gpt4O), "tiny_aya", "cohere2moe");
        add(new(Tekken) { IgnoreMerges = true, AddBos = true }, "tekken");
        add(new(BailingMoe), "bailingmoe", "bailingmoe2", "llada-moe");
        add(new(ExaoneMoe) { CleanUpSpaces = true }, "exaone-moe");
        add(new(Bloom) { CleanUpSpaces = true }, "bloom", "gpt3-finnish");
        add(new(Bloom), "poro-chat");
        add(new(Bloom, @"\p{N}"), "viking");
    }

    static void AddCodePatterns(Adder add)
    {
        add(new(@"[\p{P}\$\+<=>\^~\|`]+", Gpt2, "[0-9][0-9][0-9]") { CleanUpSpaces = true }, "falcon");
        add(new(@"\p{N}", Gpt2) { CleanUpSpaces = true }, "starcoder", "refact", "codeshell", "exaone", "minerva-7b", "mellum2");
        add(new(@"\p{N}", Gpt2), "command-r", "smollm");
        add(new(SeedCoder), "seed-coder");
        add(new(@"\p{N}+", DigitGroups.UpToDigits), "superbpe");
        add(new("<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", @"([\t\n]|    |  )", @"\p{N}", @"[\p{P}!-/:-@\[-`{-~]", Gpt2) { AddBos = true }, "chameleon");
    }

    static void AddAsianPatterns(Adder add)
    {
        add(new(@"[\r\n]", DeepSeekLetters, DeepSeekMarks, TrailingWhiteSpace.Pattern, HanAndHangul, @"\p{N}+"), "deepseek-llm");
        add(new(@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", HanAndHangul, @"\p{N}"), "deepseek-coder");
        add(new(@"\p{N}{1,3}", HanAndKana, DeepSeek3), "deepseek-v3", "hunyuan-dense", "joyai-llm");
        add(new(@"\p{N}{1,3}", HanAndKana, Spark, @"\p{N}"), "spark2_5");
        add(new(YoutuScripts, Youtu) { IgnoreMerges = true }, "youtu");
        add(new(KimiK2), "kimi-k2");
        add(new(DigitGroups.UpToDigits, AsianScripts, DeepSeek3), "afmoe");
        add(new(Lines) { ByteLevel = false, AddBos = true, CleanUpSpaces = true }, "gemma4", "granite-embed-multi-311m");
        add(new(Lines) { ByteLevel = false }, "sarvam-moe");
    }
}
