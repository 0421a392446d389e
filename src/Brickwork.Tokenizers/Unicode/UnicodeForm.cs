namespace Brickwork.Tokenizers.Unicode;

/// <summary>The four normalization forms of Unicode Standard Annex 15.</summary>
enum UnicodeForm
{
    /// <summary>Canonical decomposition, then canonical composition.</summary>
    C,

    /// <summary>Canonical decomposition.</summary>
    D,

    /// <summary>Compatibility decomposition, then canonical composition.</summary>
    KC,

    /// <summary>Compatibility decomposition.</summary>
    KD,
}
