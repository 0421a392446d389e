using System.Text.Json;
using Brickwork.Tokenizers.Bpe;
using Brickwork.Tokenizers.Unigram;
using Brickwork.Tokenizers.WordPiece;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Reads the part "model" of tokenizer.json.</summary>
static class JsonModelReader
{
    /// <summary>BPE, Unigram, WordPiece or WordLevel; old files leave it to the fields.</summary>
    public static string Kind(JsonElement model) => model.Text("type")
        ?? (model.Field("merges") is not null ? "BPE" : model.Field("vocab") is { ValueKind: JsonValueKind.Array } ? "Unigram" : "WordPiece");

    /// <summary>The id that stands for what cannot be spelled.</summary>
    public static int? Unknown(JsonElement model, JsonVocabulary vocabulary) => Kind(model) switch
    {
        "Unigram" => model.Int("unk_id"),
        "BPE" => vocabulary.Find(model.Text("unk_token")),
        _ => vocabulary.Find(model.Text("unk_token") ?? "[UNK]"),
    };

    /// <summary>The merges, each as its two symbols.</summary>
    public static (string Left, string Right)[] Merges(JsonElement model) =>
        [.. model.Items("merges").Select((merge, index) => merge.ValueKind == JsonValueKind.Array ? Pair(merge, index) : MergeTable.Parse([merge.AsText("merges")])[0])];

    public static ITokenModel Read(JsonElement model, JsonVocabulary json, Vocabulary vocabulary, bool spellsBytes)
    {
        var unknown = Unknown(model, json);
        switch (Kind(model))
        {
            case "BPE":
                var options = new BpeOptions
                {
                    Unknown = unknown,
                    FuseUnknown = model.Flag("fuse_unk", false),
                    ByteTokens = model.Flag("byte_fallback", false) ? vocabulary.ByteTokens() : null,
                    IgnoreMerges = model.Flag("ignore_merges", false),
                    ContinuingPrefix = model.Text("continuing_subword_prefix") ?? "",
                    EndOfWordSuffix = model.Text("end_of_word_suffix") ?? "",
                };
                var merges = new MergeTable(vocabulary, Merges(model), options.ContinuingPrefix);
                return new CachingModel(spellsBytes ? new ByteLevelModel(vocabulary, merges, options) : new BpeModel(vocabulary, merges, options));
            case "Unigram":
                if (unknown is not { } id || id < 0 || id >= vocabulary.Count)
                    throw Faults.Tokenizer("the Unigram model in tokenizer.json has no usable 'unk_id'.");
                return new CachingModel(new UnigramModel(vocabulary, json.Scores, id, model.Flag("byte_fallback", false)));
            case "WordPiece":
                var marks = new WordPieceMarks("", model.Text("continuing_subword_prefix") ?? "##", model.Int("max_input_chars_per_word") ?? 100);
                return new CachingModel(new WordPieceModel(vocabulary, marks, unknown ?? throw Faults.Tokenizer("the WordPiece model in tokenizer.json has no unknown token.")));
            case "WordLevel": return new WordLevelModel(vocabulary, unknown);
            default: throw Faults.Unsupported($"the model '{Kind(model)}'", "BPE, Unigram, WordPiece, WordLevel");
        }
    }

    static (string, string) Pair(JsonElement merge, int index)
    {
        if (merge.GetArrayLength() != 2 || merge[0].AsText("merges") is not { Length: > 0 } left || merge[1].AsText("merges") is not { Length: > 0 } right)
            throw Faults.Tokenizer($"merge {index} in tokenizer.json is no pair of symbols.");
        return (left, right);
    }
}
