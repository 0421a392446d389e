using System.Text.Json;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>A token added beside the model's own.</summary>
sealed record AddedToken(int Id, string Content, bool Special, bool Normalized, bool StripLeft, bool StripRight, bool SingleWord);

/// <summary>The tokens of a tokenizer.json: the model's and the added ones.</summary>
sealed class JsonVocabulary
{
    const int MaxHoles = 1 << 16;

    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    public JsonVocabulary(JsonElement root, JsonElement model)
    {
        ReadModel(model);
        ModelCount = _ids.Count;
        Added = [.. root.Items("added_tokens").Select(ReadAdded)];
        var count = _ids.Count == 0 ? 0 : _ids.Values.Max() + 1;
        if (count > _ids.Count + MaxHoles)
            throw Faults.Tokenizer($"tokenizer.json has {_ids.Count} tokens, but an id of {count - 1}.");
        Tokens = new string[count];
        Scores = new float[count];
        Array.Fill(Tokens, "");
        foreach (var (text, id) in _ids)
        {
            if (Tokens[id].Length > 0)
                throw Faults.Tokenizer($"'{Tokens[id]}' and '{text}' in tokenizer.json have the same id {id}.");
            Tokens[id] = text;
        }
        foreach (var (id, score) in _scores)
            Scores[id] = score;
    }

    readonly List<(int Id, float Score)> _scores = [];

    public string[] Tokens { get; }

    public float[] Scores { get; }

    public int ModelCount { get; }

    public IReadOnlyList<AddedToken> Added { get; }

    public int? Find(string? token) => token is not null && _ids.TryGetValue(token, out var id) ? id : null;

    // BPE, WordPiece and WordLevel map texts to ids; Unigram lists texts and scores.
    void ReadModel(JsonElement model)
    {
        switch (model.Field("vocab"))
        {
            case { ValueKind: JsonValueKind.Object } map:
                foreach (var entry in map.EnumerateObject())
                    Add(NameOf(entry), entry.Value.AsInt("vocab"));
                break;
            case { ValueKind: JsonValueKind.Array } list:
                foreach (var entry in list.EnumerateArray())
                {
                    if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2 || entry[1].ValueKind != JsonValueKind.Number)
                        throw Faults.Tokenizer("an entry of 'vocab' in tokenizer.json is no pair of text and score.");
                    _scores.Add((_ids.Count, entry[1].GetSingle()));
                    Add(entry[0].AsText("vocab"), _ids.Count);
                }
                break;
            default: throw Faults.Tokenizer("tokenizer.json has no 'vocab'.");
        }
    }

    static string NameOf(JsonProperty entry)
    {
        try
        {
            return entry.Name;
        }
        catch (InvalidOperationException fault)
        {
            throw new CheckpointException($"A token in tokenizer.json is no text of whole characters: {fault.Message}", "Download the file again.", fault);
        }
    }

    AddedToken ReadAdded(JsonElement token)
    {
        var content = token.Text("content") ?? throw Faults.Tokenizer("an added token in tokenizer.json has no 'content'.");
        if (!_ids.TryGetValue(content, out var id))
            Add(content, id = token.Int("id") ?? throw Faults.Tokenizer($"the added token '{content}' in tokenizer.json has no 'id'."));
        return new AddedToken(
            id, content, token.Flag("special", false), token.Flag("normalized", true), token.Flag("lstrip", false), token.Flag("rstrip", false), token.Flag("single_word", false));
    }

    void Add(string text, int id)
    {
        if (id < 0)
            throw Faults.Tokenizer($"'{text}' in tokenizer.json has the id {id}.");
        if (!_ids.TryAdd(text, id))
            throw Faults.Tokenizer($"'{text}' stands twice in tokenizer.json, with the ids {_ids[text]} and {id}.");
    }
}
