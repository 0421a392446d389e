using System.Text.Json;
using Brickwork.Tokenizers.Bpe;
using Brickwork.Tokenizers.PreTokenizers;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Writes the part "model" of tokenizer.json.</summary>
sealed class JsonModelWriter(Utf8JsonWriter json, TokenizerDefinition definition, TokenizerParts parts)
{
    readonly Vocabulary _vocabulary = parts.Vocabulary;

    public void Write()
    {
        json.WriteStartObject("model");
        switch (definition.Model)
        {
            case "llama": Bpe(MergesOfScores(), definition.Unknown, fuse: true, bytes: true, ignoreMerges: false); break;
            case "gpt2" or "gemma4": ByteLevel(); break;
            case "t5": Unigram(); break;
            default: WordPiece(); break;
        }
        json.WriteEndObject();
    }

    void ByteLevel()
    {
        var pre = BpePreTokenizers.Find(definition.Model == "gemma4" ? "gemma4" : definition.Pre);
        Bpe(MergeTable.Parse(definition.Merges!), definition.Unknown, false, !pre.ByteLevel, definition.IgnoreMerges ?? pre.IgnoreMerges);
    }

    void Bpe(IEnumerable<(string Left, string Right)> merges, int? unknown, bool fuse, bool bytes, bool ignoreMerges)
    {
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        Token("unk_token", unknown);
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", fuse);
        json.WriteBoolean("byte_fallback", bytes);
        json.WriteBoolean("ignore_merges", ignoreMerges);
        Map(id => _vocabulary.Tokens[id]);
        json.WriteStartArray("merges");
        foreach (var (left, right) in merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    // SentencePiece merges any two neighbours that are a token together, the highest score first: every split of every token is a merge.
    IEnumerable<(string Left, string Right)> MergesOfScores()
    {
        var merges = new List<(float Score, int Id, string Left, string Right)>();
        for (var id = 0; id < _vocabulary.Count; id++)
        {
            var token = _vocabulary.Tokens[id];
            if (_vocabulary.Types[id] is TokenType.Byte or TokenType.Unused)
                continue;
            for (var cut = 1; cut < token.Length; cut++)
            {
                if (!char.IsLowSurrogate(token[cut]) && IsSymbol(token.AsSpan(0, cut)) && IsSymbol(token.AsSpan(cut)))
                    merges.Add((definition.Scores![id], id, token[..cut], token[cut..]));
            }
        }
        return merges.OrderByDescending(merge => merge.Score).ThenBy(merge => merge.Id).Select(merge => (merge.Left, merge.Right));
    }

    bool IsSymbol(ReadOnlySpan<char> text) => _vocabulary.TryFind(text, out _);

    void Unigram()
    {
        json.WriteString("type", "Unigram");
        json.WriteNumber("unk_id", definition.Unknown!.Value);
        json.WriteBoolean("byte_fallback", _vocabulary.Types.Contains(TokenType.Byte));
        json.WriteStartArray("vocab");
        for (var id = 0; id < _vocabulary.Count; id++)
        {
            json.WriteStartArray();
            json.WriteStringValue(_vocabulary.Tokens[id]);
            json.WriteNumberValue(definition.Scores![id]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    void WordPiece()
    {
        json.WriteString("type", "WordPiece");
        Token("unk_token", definition.Unknown);
        json.WriteString("continuing_subword_prefix", "##");
        json.WriteNumber("max_input_chars_per_word", int.MaxValue);
        Map(id => _vocabulary.Types[id] != TokenType.Normal ? _vocabulary.Tokens[id]
            : _vocabulary.Tokens[id].StartsWith('▁') ? _vocabulary.Tokens[id][1..] : "##" + _vocabulary.Tokens[id]);
    }

    void Map(Func<int, string> text)
    {
        json.WriteStartObject("vocab");
        for (var id = 0; id < _vocabulary.Count; id++)
            json.WriteNumber(text(id), id);
        json.WriteEndObject();
    }

    void Token(string name, int? id)
    {
        if (id is { } known)
            json.WriteString(name, _vocabulary.Tokens[known]);
        else
            json.WriteNull(name);
    }
}
