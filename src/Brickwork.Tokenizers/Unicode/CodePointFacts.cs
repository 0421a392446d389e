namespace Brickwork.Tokenizers.Unicode;

/// <summary>What normalization must know of one code point; the default value says "nothing special".</summary>
/// <param name="CombiningClass">Zero for a starter.</param>
/// <param name="Canonical">The full canonical decomposition, or null.</param>
/// <param name="Compatibility">The full compatibility decomposition, or null.</param>
/// <param name="Changes">One bit per <see cref="UnicodeForm"/>: set when the form may change text that holds the code point.</param>
readonly record struct CodePointFacts(byte CombiningClass, int[]? Canonical, int[]? Compatibility, byte Changes)
{
    public bool MayChangeUnder(UnicodeForm form) => (Changes >> (int)form & 1) != 0;

    public int[]? Decomposition(UnicodeForm form) => form is UnicodeForm.KC or UnicodeForm.KD ? Compatibility : Canonical;
}
