namespace Brickwork.Tokenizers.Bpe;

/// <summary>Spells words by their UTF-8 bytes, so that no text is unknown (GPT-2, Radford et al. 2019).</summary>
sealed class ByteLevelModel : ITokenModel
{
    readonly BpeModel _model;
    readonly bool[] _missing = new bool[256];
    readonly bool _complete = true;

    public ByteLevelModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
    {
        _model = new BpeModel(vocabulary, merges, options);
        for (var value = 0; value < 256; value++)
        {
            _missing[value] = options.Unknown is null && merges.Find([ByteAlphabet.Letter((byte)value)]) is var id && (id < 0 || id >= vocabulary.Count);
            _complete &= !_missing[value];
        }
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> output)
    {
        if (!_complete)
            CheckBytes(piece);
        _model.Encode(ByteAlphabet.Spell(piece), output);
    }

    void CheckBytes(ReadOnlySpan<char> piece)
    {
        var bytes = new byte[System.Text.Encoding.UTF8.GetByteCount(piece)];
        System.Text.Encoding.UTF8.GetBytes(piece, bytes);
        foreach (var value in bytes)
        {
            if (_missing[value])
                Faults.NoTokenForByte(value);
        }
    }
}
