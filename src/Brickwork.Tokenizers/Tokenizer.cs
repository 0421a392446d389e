using System.Text;
using Brickwork.Tokenizers;
using Brickwork.Tokenizers.HuggingFace;
using Brickwork.Tokenizers.PreTokenizers;
using Brickwork.Tokenizers.SentencePiece;

namespace Brickwork;

/// <summary>Text to token ids and back. Immutable; many threads may use one at the same time.</summary>
public sealed partial class Tokenizer
{
    readonly TokenizerParts _parts;

    internal Tokenizer(TokenizerParts parts) => _parts = parts;

    /// <summary>Builds the tokenizer that a model file defines.</summary>
    /// <exception cref="CheckpointException">The definition contradicts itself.</exception>
    /// <exception cref="UnsupportedModelException">The model or its pre-tokenizer is not known.</exception>
    public static Tokenizer Create(TokenizerDefinition definition) => new(DefinedTokenizer.Build(definition));

    /// <summary>Reads SentencePiece's own model file (<c>tokenizer.model</c>), BPE or Unigram.</summary>
    /// <exception cref="CheckpointException">The file is damaged.</exception>
    public static Tokenizer FromSentencePiece(ReadOnlySpan<byte> model) => Create(SentencePieceFile.Read(model));

    /// <summary>Reads a tokenizer as Hugging Face publishes it.</summary>
    /// <param name="tokenizerJson">tokenizer.json, UTF-8.</param>
    /// <param name="tokenizerConfigJson">tokenizer_config.json, which names the roles of special tokens; may be empty.</param>
    /// <param name="generationConfigJson">generation_config.json, which lists what ends a generation; may be empty.</param>
    /// <exception cref="CheckpointException">A file is damaged or contradicts itself.</exception>
    /// <exception cref="UnsupportedModelException">A part is of a kind that is not known.</exception>
    public static Tokenizer FromHuggingFace(ReadOnlySpan<byte> tokenizerJson, ReadOnlySpan<byte> tokenizerConfigJson = default, ReadOnlySpan<byte> generationConfigJson = default) =>
        new(HuggingFaceTokenizer.Read(
            JsonFields.Parse(tokenizerJson, "tokenizer.json"),
            tokenizerConfigJson.IsEmpty ? default : JsonFields.Parse(tokenizerConfigJson, "tokenizer_config.json"),
            generationConfigJson.IsEmpty ? default : JsonFields.Parse(generationConfigJson, "generation_config.json")));

    /// <summary>This tokenizer in GGUF's words.</summary>
    /// <exception cref="UnsupportedModelException">It was read from a tokenizer.json whose way of cutting words, or whose model, has no name there.</exception>
    public TokenizerDefinition ToDefinition() => _parts.Definition switch
    {
        { Model: "none" } => throw Faults.Unsupported("a model that GGUF has no name for", "byte-level BPE, BPE with byte fallback, Unigram, WordPiece"),
        { Model: "gpt2", Pre: null, IgnoreMerges: not null } => throw Faults.Unsupported("a way of cutting words that GGUF has no name for", string.Join(", ", BpePreTokenizers.Names.Order(StringComparer.Ordinal))),
        var definition => definition,
    };

    /// <summary>How many tokens there are; ids run from 0.</summary>
    public int VocabularySize => _parts.Vocabulary.Count;

    /// <summary>Start of a text.</summary>
    public int? Bos => _parts.Definition.Bos;

    /// <summary>End of a text.</summary>
    public int? Eos => _parts.Definition.Eos;

    /// <summary>End of a turn of a conversation, given or known by its text.</summary>
    public int? Eot => _parts.Roles.Eot;

    /// <summary>End of a message after which a tool runs, given or known by its text.</summary>
    public int? Eom => _parts.Roles.Eom;

    /// <summary>Stands for what cannot be spelled.</summary>
    public int? Unknown => _parts.Definition.Unknown;

    /// <summary>Between and behind the texts of an encoder model.</summary>
    public int? Separator => _parts.Definition.Separator;

    /// <summary>Fills a batch.</summary>
    public int? Padding => _parts.Definition.Padding;

    /// <summary>A word to be guessed.</summary>
    public int? Mask => _parts.Definition.Mask;

    /// <summary>Before the prefix, when filling in the middle.</summary>
    public int? FimPrefix => _parts.Roles.FimPrefix;

    /// <summary>Before the suffix, when filling in the middle.</summary>
    public int? FimSuffix => _parts.Roles.FimSuffix;

    /// <summary>Where the middle is to be written.</summary>
    public int? FimMiddle => _parts.Roles.FimMiddle;

    /// <summary>The ids that end a generation.</summary>
    public IReadOnlySet<int> EndOfGeneration => _parts.Roles.Ends;

    /// <summary>Whether <see cref="EncodeOptions.AddSpecial"/> starts a text with <see cref="Bos"/>.</summary>
    public bool AddsBos => Bos is { } bos && _parts.Before.Contains(bos);

    /// <summary>The text of a token as the vocabulary writes it, such as <c>▁the</c> or <c>Ġthe</c>.</summary>
    public string Piece(int id) => _parts.Vocabulary.Tokens[Checked(id)];

    /// <summary>What a token is treated as.</summary>
    public TokenType TypeOf(int id) => _parts.Vocabulary.Types[Checked(id)];

    /// <summary>Whether a token is a mark (control or unknown), which decoding leaves out.</summary>
    public bool IsSpecial(int id) => _parts.Bytes.IsSpecial(Checked(id));

    /// <summary>Whether a token is a control token.</summary>
    public bool IsControl(int id) => TypeOf(id) == TokenType.Control;

    /// <summary>The id of a token's text as the vocabulary writes it.</summary>
    public bool TryFind(string token, out int id) => _parts.Vocabulary.TryFind(token, out id);

    /// <summary>The ids of a text. Lone surrogates count as U+FFFD.</summary>
    public int[] Encode(string text, EncodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = WellFormed(text);
        var ids = new List<int>(text.Length / 3 + 8);
        var parse = options.HasFlag(EncodeOptions.ParseSpecial);
        foreach (var segment in _parts.Special.Split(text, parse))
        {
            if (segment.Token is { } id)
                ids.Add(id);
            else
                EncodeText(text.Substring(segment.Start, segment.Length), parse, segment.Start == 0, ids);
        }
        if (options.HasFlag(EncodeOptions.AddSpecial))
            Frame(ids);
        return [.. ids];
    }

    void EncodeText(string text, bool parse, bool atStart, List<int> ids)
    {
        text = _parts.Normalize?.Invoke(text) ?? text;
        if (_parts.SpecialAfterNormalizing is not { } finder)
        {
            EncodePlain(new Piece(text.AsMemory(), atStart), ids);
            return;
        }
        foreach (var segment in finder.Split(text, parse))
        {
            if (segment.Token is { } id)
                ids.Add(id);
            else
                EncodePlain(new Piece(text.AsMemory(segment.Start, segment.Length), atStart && segment.Start == 0), ids);
        }
    }

    void EncodePlain(Piece piece, List<int> ids)
    {
        var words = new List<Piece>();
        _parts.PreTokenizer.Split(piece, words);
        foreach (var word in words)
            _parts.Model.Encode(word.Span, ids);
    }

    void Frame(List<int> ids)
    {
        // A text that was already given its start, as by a chat template, does not get a second one.
        var started = _parts.Before.Count > 0 && ids.Count >= _parts.Before.Count && ids.Take(_parts.Before.Count).SequenceEqual(_parts.Before);
        if (!started)
            ids.InsertRange(0, _parts.Before);
        ids.AddRange(_parts.Behind);
    }

    static string WellFormed(string text)
    {
        foreach (var letter in text)
        {
            if (char.IsSurrogate(letter))
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }
        return text;
    }

    int Checked(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
            Faults.NoSuchToken(id, VocabularySize);
        return id;
    }
}
