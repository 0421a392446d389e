namespace Brickwork.Tokenizers.SentencePiece;

/// <summary>Reads SentencePiece's own model file (<c>tokenizer.model</c>).</summary>
static class SentencePieceFile
{
    public static TokenizerDefinition Read(ReadOnlySpan<byte> model)
    {
        var tokens = new List<string>();
        var scores = new List<float>();
        var types = new List<TokenType>();
        var definition = new TokenizerDefinition { Model = "t5", Tokens = tokens, Scores = scores, TokenTypes = types, AddSpacePrefix = true, RemoveExtraWhitespaces = true, Unknown = 0, Bos = 1, Eos = 2 };
        var reader = new ProtobufReader(model);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: ReadPiece(reader.Bytes, tokens, scores, types); break;
                case 2: definition = ReadTraining(reader.Bytes, definition); break;
                case 3: definition = ReadNormalizer(reader.Bytes, definition); break;
            }
        }
        // The training part names roles that a vocabulary may have no token for; −1 is none.
        int? Known(int? id) => id is >= 0 && id < tokens.Count ? id : null;
        return definition with
        {
            Unknown = Known(definition.Unknown),
            Bos = Known(definition.Bos),
            Eos = Known(definition.Eos),
            Padding = Known(definition.Padding),
        };
    }

    static void ReadPiece(ReadOnlySpan<byte> message, List<string> tokens, List<float> scores, List<TokenType> types)
    {
        var (text, score, type) = ("", 0f, TokenType.Normal);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: text = reader.Text; break;
                case 2: score = reader.Float; break;
                case 3: type = (TokenType)reader.Int; break;
            }
        }
        tokens.Add(text);
        scores.Add(score);
        types.Add(type);
    }

    static TokenizerDefinition ReadTraining(ReadOnlySpan<byte> message, TokenizerDefinition definition)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            definition = reader.Field switch
            {
                3 => definition with
                {
                    Model = reader.Int switch
                    {
                        1 => "t5",
                        2 => "llama",
                        _ => throw Faults.Unsupported($"a SentencePiece model of type {reader.Int}", "unigram (1), bpe (2)"),
                    },
                },
                24 => definition with { TreatWhitespaceAsSuffix = reader.Number != 0 },
                40 => definition with { Unknown = reader.Int },
                41 => definition with { Bos = reader.Int },
                42 => definition with { Eos = reader.Int },
                43 => definition with { Padding = reader.Int },
                _ => definition,
            };
        }
        return definition;
    }

    static TokenizerDefinition ReadNormalizer(ReadOnlySpan<byte> message, TokenizerDefinition definition)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            definition = reader.Field switch
            {
                2 => definition with { PrecompiledCharsMap = reader.Bytes.Length > 0 ? reader.Bytes.ToArray() : null },
                3 => definition with { AddSpacePrefix = reader.Number != 0 },
                4 => definition with { RemoveExtraWhitespaces = reader.Number != 0 },
                5 => definition with { EscapeWhitespaces = reader.Number != 0 },
                _ => definition,
            };
        }
        return definition;
    }
}
