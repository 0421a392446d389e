namespace Brickwork.Tokenizers;

/// <summary>Spells one piece of prepared text with tokens.</summary>
interface ITokenModel
{
    /// <summary>Appends the ids of a piece.</summary>
    void Encode(ReadOnlySpan<char> piece, List<int> output);
}
