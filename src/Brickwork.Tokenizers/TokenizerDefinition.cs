namespace Brickwork;

/// <summary>Everything a model file says about its tokenizer, in GGUF's words: what <see cref="Tokenizer.Create"/> builds from.</summary>
public sealed record TokenizerDefinition
{
    /// <summary><c>llama</c> (SentencePiece BPE), <c>gpt2</c> (byte-level BPE), <c>gemma4</c> (BPE over text), <c>t5</c> (Unigram), <c>bert</c> (WordPiece), <c>rwkv</c> (longest match) or <c>none</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The name of the way a BPE model cuts text into words, such as <c>llama-bpe</c>; null is <c>default</c>.</summary>
    public string? Pre { get; init; }

    /// <summary>The text of every token; the index is the id.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>A score for every token, needed by <c>llama</c> and <c>t5</c>; null elsewhere.</summary>
    public IReadOnlyList<float>? Scores { get; init; }

    /// <summary>What every token is; null where all are normal.</summary>
    public IReadOnlyList<TokenType>? TokenTypes { get; init; }

    /// <summary>The merges of a BPE model, first to last, each <c>left right</c>.</summary>
    public IReadOnlyList<string>? Merges { get; init; }

    /// <summary>Start of a text.</summary>
    public int? Bos { get; init; }

    /// <summary>End of a text.</summary>
    public int? Eos { get; init; }

    /// <summary>Stands for what cannot be spelled.</summary>
    public int? Unknown { get; init; }

    /// <summary>Between and after the texts of an encoder model.</summary>
    public int? Separator { get; init; }

    /// <summary>Fills a batch.</summary>
    public int? Padding { get; init; }

    /// <summary>A word to be guessed.</summary>
    public int? Mask { get; init; }

    /// <summary>End of a turn.</summary>
    public int? Eot { get; init; }

    /// <summary>End of a message, where the turn goes on with a tool.</summary>
    public int? Eom { get; init; }

    /// <summary>Before the prefix, when filling in the middle.</summary>
    public int? FimPrefix { get; init; }

    /// <summary>Before the suffix, when filling in the middle.</summary>
    public int? FimSuffix { get; init; }

    /// <summary>Where the middle is to be written.</summary>
    public int? FimMiddle { get; init; }

    /// <summary>Padding, when filling in the middle.</summary>
    public int? FimPadding { get; init; }

    /// <summary>Before a repository's name, when filling in the middle.</summary>
    public int? FimRepository { get; init; }

    /// <summary>Between files, when filling in the middle.</summary>
    public int? FimSeparator { get; init; }

    /// <summary>Further ids that end a generation, beside those that names and roles tell.</summary>
    public IReadOnlyList<int> EndOfGeneration { get; init; } = [];

    /// <summary>Whether a text starts with <see cref="Bos"/>; null is the model's custom.</summary>
    public bool? AddBos { get; init; }

    /// <summary>Whether a text ends with <see cref="Eos"/>; null is the model's custom.</summary>
    public bool? AddEos { get; init; }

    /// <summary>Whether a text ends with <see cref="Separator"/>; null is the model's custom.</summary>
    public bool? AddSeparator { get; init; }

    /// <summary>Whether a space goes before the text; null is the model's custom.</summary>
    public bool? AddSpacePrefix { get; init; }

    /// <summary>Whether the space of <see cref="AddSpacePrefix"/> goes behind the text instead.</summary>
    public bool? TreatWhitespaceAsSuffix { get; init; }

    /// <summary>Whether runs of spaces become one and spaces at the ends go (Unigram).</summary>
    public bool? RemoveExtraWhitespaces { get; init; }

    /// <summary>Whether spaces are written ▁ in the vocabulary; null is the model's custom.</summary>
    public bool? EscapeWhitespaces { get; init; }

    /// <summary>Whether a word that is a token is taken whole, without merging; null is the custom of <see cref="Pre"/>.</summary>
    public bool? IgnoreMerges { get; init; }

    /// <summary>Whether decoding removes spaces before punctuation when asked to; null is the custom of <see cref="Pre"/>.</summary>
    public bool? CleanUpSpaces { get; init; }

    /// <summary>Whether a WordPiece model lower-cases the text; null is yes.</summary>
    public bool? Lowercase { get; init; }

    /// <summary>Whether a WordPiece model strips accents; null is the same as <see cref="Lowercase"/>.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>SentencePiece's compiled normalization rules; null or empty where there are none.</summary>
    public byte[]? PrecompiledCharsMap { get; init; }

    /// <summary>Special tokens that swallow the white space before them.</summary>
    public IReadOnlyList<int> StripLeft { get; init; } = [];

    /// <summary>Special tokens that swallow the white space behind them.</summary>
    public IReadOnlyList<int> StripRight { get; init; } = [];
}
