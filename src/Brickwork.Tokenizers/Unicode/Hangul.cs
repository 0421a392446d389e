namespace Brickwork.Tokenizers.Unicode;

/// <summary>Hangul syllables are laid out so that arithmetic replaces a table (Unicode Standard, section 3.12).</summary>
static class Hangul
{
    const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    const int LeadCount = 19, VowelCount = 21, TrailCount = 28;
    const int SyllableCount = LeadCount * VowelCount * TrailCount;

    public static bool IsSyllable(int codePoint) => (uint)(codePoint - SyllableBase) < SyllableCount;

    /// <summary>Whether the code point is a vowel or trailing consonant that may merge into the syllable before it.</summary>
    public static bool JoinsPrevious(int codePoint) =>
        (uint)(codePoint - VowelBase) < VowelCount || (uint)(codePoint - TrailBase - 1) < TrailCount - 1;

    public static void Decompose(int syllable, ref CodePointBuffer output)
    {
        var index = syllable - SyllableBase;
        output.Add(LeadBase + (index / (VowelCount * TrailCount)));
        output.Add(VowelBase + (index / TrailCount % VowelCount));
        if (index % TrailCount != 0)
            output.Add(TrailBase + (index % TrailCount));
    }

    /// <summary>Merges lead + vowel, or open syllable + trail.</summary>
    public static bool TryCompose(int first, int second, out int composed)
    {
        composed = 0;
        if ((uint)(first - LeadBase) < LeadCount && (uint)(second - VowelBase) < VowelCount)
            composed = SyllableBase + ((((first - LeadBase) * VowelCount) + second - VowelBase) * TrailCount);
        else if (IsSyllable(first) && (first - SyllableBase) % TrailCount == 0 && (uint)(second - TrailBase - 1) < TrailCount - 1)
            composed = first + second - TrailBase;
        return composed != 0;
    }
}
