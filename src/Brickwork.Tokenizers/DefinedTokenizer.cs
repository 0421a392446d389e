using Brickwork.Tokenizers.Bpe;
using Brickwork.Tokenizers.Decoding;
using Brickwork.Tokenizers.LongestMatch;
using Brickwork.Tokenizers.PreTokenizers;
using Brickwork.Tokenizers.SentencePiece;
using Brickwork.Tokenizers.Special;
using Brickwork.Tokenizers.Unigram;
using Brickwork.Tokenizers.WordPiece;

namespace Brickwork.Tokenizers;

/// <summary>Builds the parts of a tokenizer from a definition in GGUF's words.</summary>
static class DefinedTokenizer
{
    const string Known = "llama, gpt2, gemma4, t5, bert, rwkv";

    public static TokenizerParts Build(TokenizerDefinition definition)
    {
        if (definition.Tokens.Count == 0)
            throw Faults.Tokenizer("it has no tokens.");
        var roles = new SpecialTokens(definition);
        var vocabulary = new Vocabulary(definition.Tokens, roles.Types);
        return definition.Model switch
        {
            "llama" => SentencePiece(definition, vocabulary, roles),
            "gpt2" => Bpe(definition, vocabulary, roles, BpePreTokenizers.Find(definition.Pre)),
            "gemma4" => Bpe(definition, vocabulary, roles, BpePreTokenizers.Find("gemma4")),
            "t5" => Unigram(definition, vocabulary, roles),
            "bert" => WordPiece(definition, vocabulary, roles),
            "rwkv" => LongestMatch(definition, vocabulary, roles),
            _ => throw Faults.Unsupported($"the tokenizer model '{definition.Model}'", Known),
        };
    }

    static TokenizerParts SentencePiece(TokenizerDefinition definition, Vocabulary vocabulary, SpecialTokens roles)
    {
        var prefix = definition.AddSpacePrefix ?? true;
        var scores = Scores(definition);
        var model = new SentencePieceModel(vocabulary, scores, definition.Unknown);
        var normalizer = new SentencePieceNormalizer { Map = CharsMap(definition), AddSpace = prefix, RemoveExtraSpaces = definition.RemoveExtraWhitespaces ?? false };
        return Common(definition, vocabulary, roles, model, addBos: true) with
        {
            Normalize = normalizer.Normalize,
            Bytes = new SpelledTokenBytes(vocabulary, TokenSpelling.SpaceMarks, prefix),
        };
    }

    static TokenizerParts Bpe(TokenizerDefinition definition, Vocabulary vocabulary, SpecialTokens roles, BpePreTokenizer pre)
    {
        if (definition.Merges is null)
            throw Faults.Tokenizer("a BPE model needs merges, and there are none.");
        definition = definition with { CleanUpSpaces = definition.CleanUpSpaces ?? pre.CleanUpSpaces };
        var merges = new MergeTable(vocabulary, MergeTable.Parse(definition.Merges), "");
        var options = new BpeOptions { IgnoreMerges = definition.IgnoreMerges ?? pre.IgnoreMerges, Unknown = definition.Unknown };
        var escape = definition.EscapeWhitespaces ?? !pre.ByteLevel;
        ITokenModel model = pre.ByteLevel
            ? new CachingModel(new ByteLevelModel(vocabulary, merges, options))
            : new BpeModel(vocabulary, merges, options with { ByteTokens = vocabulary.ByteTokens() });
        return Common(definition, vocabulary, roles, model, pre.AddBos) with
        {
            Normalize = escape ? text => text.Replace(' ', '▁') : null,
            PreTokenizer = pre.Build(),
            Bytes = new SpelledTokenBytes(vocabulary, pre.ByteLevel ? TokenSpelling.ByteLetters : TokenSpelling.SpaceMarks, false),
        };
    }

    static TokenizerParts Unigram(TokenizerDefinition definition, Vocabulary vocabulary, SpecialTokens roles)
    {
        var unknown = definition.Unknown ?? throw Faults.Tokenizer("a Unigram model needs an unknown token, and there is none.");
        var normalizer = new SentencePieceNormalizer
        {
            Map = CharsMap(definition),
            AddSpace = definition.AddSpacePrefix ?? false,
            SpaceAsSuffix = definition.TreatWhitespaceAsSuffix ?? false,
            RemoveExtraSpaces = definition.RemoveExtraWhitespaces ?? false,
            EscapeSpaces = definition.EscapeWhitespaces ?? true,
        };
        var model = new UnigramModel(vocabulary, Scores(definition), unknown, roles.Types.Contains(TokenType.Byte));
        var parts = Common(definition, vocabulary, roles, model, addBos: false);
        return parts with
        {
            Normalize = normalizer.Normalize,
            Behind = definition.AddEos is null && definition.Eos is { } eos ? [eos] : parts.Behind,
            Bytes = new SpelledTokenBytes(vocabulary, TokenSpelling.SpaceMarks, normalizer is { AddSpace: true, SpaceAsSuffix: false }),
        };
    }

    static TokenizerParts WordPiece(TokenizerDefinition definition, Vocabulary vocabulary, SpecialTokens roles)
    {
        var unknown = definition.Unknown ?? throw Faults.Tokenizer("a WordPiece model needs an unknown token, and there is none.");
        var lowercase = definition.Lowercase ?? true;
        var normalizer = new BertNormalizer { Lowercase = lowercase, StripAccents = definition.StripAccents ?? lowercase, LeadingHangulOnly = true };
        var model = new WordPieceModel(vocabulary, new WordPieceMarks("▁", "", null), unknown);
        definition = definition with { CleanUpSpaces = definition.CleanUpSpaces ?? true };
        return Common(definition with { AddEos = false }, vocabulary, roles, new CachingModel(model), addBos: true) with
        {
            Definition = definition,
            Normalize = normalizer.Normalize,
            PreTokenizer = new BertPreTokenizer(),
            Behind = definition.AddSeparator ?? true ? Required(definition.Separator, "separator") : [],
        };
    }

    static CharsMap? CharsMap(TokenizerDefinition definition) => definition.PrecompiledCharsMap is { Length: > 0 } data ? new CharsMap(data) : null;

    static TokenizerParts LongestMatch(TokenizerDefinition definition, Vocabulary vocabulary, SpecialTokens roles) =>
        Common(definition, vocabulary, roles, new LongestMatchModel(vocabulary, definition.Unknown), addBos: false) with
        {
            Bytes = new SpelledTokenBytes(vocabulary, TokenSpelling.Escapes, false),
        };

    // The parts that every kind has; the kind's own parts replace the plain ones.
    static TokenizerParts Common(TokenizerDefinition definition, Vocabulary vocabulary, SpecialTokens roles, ITokenModel model, bool addBos) => new()
    {
        Definition = definition,
        Vocabulary = vocabulary,
        Roles = roles,
        Special = new SpecialTokenFinder(SpecialTokensOf(definition, vocabulary)),
        PreTokenizer = new WholePiece(),
        Model = model,
        Before = definition.AddBos ?? (addBos && definition.Bos is not null) ? Required(definition.Bos, "bos") : [],
        Behind = definition.AddEos ?? false ? Required(definition.Eos, "eos") : [],
        Bytes = new SpelledTokenBytes(vocabulary, TokenSpelling.SpaceMarks, false),
    };

    static int[] Required(int? id, string role) =>
        id is { } known ? [known] : throw Faults.Tokenizer($"texts are to be framed by a {role} token, and there is none.");

    static float[] Scores(TokenizerDefinition definition)
    {
        var scores = definition.Scores ?? throw Faults.Tokenizer($"a '{definition.Model}' model needs scores, and there are none.");
        return scores.Any(float.IsNaN) ? throw Faults.Tokenizer("a score is not a number.") : [.. scores];
    }

    static IEnumerable<SpecialToken> SpecialTokensOf(TokenizerDefinition definition, Vocabulary vocabulary)
    {
        for (var id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.Types[id] is not (TokenType.Control or TokenType.Unknown or TokenType.UserDefined))
                continue;
            yield return new SpecialToken(id, vocabulary.Tokens[id])
            {
                OnlyWhenParsing = vocabulary.Types[id] != TokenType.UserDefined,
                StripLeft = definition.StripLeft.Contains(id),
                StripRight = definition.StripRight.Contains(id),
            };
        }
    }
}
