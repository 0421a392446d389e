using System.Globalization;

namespace Brickwork.Tokenizers.PreTokenizers.Patterns;

/// <summary>A set of code points: ranges, Unicode categories and other sets, possibly turned inside out.</summary>
sealed class CodePointSet
{
    readonly List<(int First, int Last)> _ranges = [];
    readonly List<CodePointSet> _union = [];
    readonly List<CodePointSet> _intersection = [];
    uint _categories;
    ulong _low, _high;
    bool _sealed;

    /// <summary>Whether the set holds what is not named.</summary>
    public bool Negated { get; set; }

    public static CodePointSet Of(params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var set = new CodePointSet();
        foreach (var (first, last) in ranges)
            set.Add(first, last);
        return set;
    }

    public static CodePointSet Of(params ReadOnlySpan<UnicodeCategory> categories)
    {
        var set = new CodePointSet();
        foreach (var category in categories)
            set._categories |= 1u << (int)category;
        return set;
    }

    public void Add(int first, int last) => _ranges.Add((first, last));

    public void Add(CodePointSet other) => _union.Add(other);

    public void IntersectWith(CodePointSet other) => _intersection.Add(other);

    /// <summary>Adds the other case of the ASCII letters, for <c>(?i)</c>.</summary>
    public void IgnoreCase()
    {
        for (var upper = 'A'; upper <= 'Z'; upper++)
        {
            var lower = upper | 0x20;
            if (IsNamed(upper) != IsNamed(lower))
                _ranges.AddRange([(upper, upper), (lower, lower)]);
        }
    }

    /// <summary>Prepares the quick answer for ASCII; the set does not change any more.</summary>
    public CodePointSet Seal()
    {
        for (var codePoint = 0; codePoint < 128 && !_sealed; codePoint++)
        {
            if (Evaluate(codePoint))
                (codePoint < 64 ? ref _low : ref _high) |= 1ul << (codePoint & 63);
        }
        _sealed = true;
        return this;
    }

    public bool Contains(int codePoint)
    {
        if (_sealed && (uint)codePoint < 128)
            return (((codePoint < 64 ? _low : _high) >> (codePoint & 63)) & 1) != 0;
        return Evaluate(codePoint);
    }

    bool Evaluate(int codePoint)
    {
        foreach (var other in _intersection)
        {
            if (!other.Contains(codePoint))
                return false;
        }
        return IsNamed(codePoint) != Negated;
    }

    bool IsNamed(int codePoint)
    {
        if (_categories != 0 && ((_categories >> (int)CharUnicodeInfo.GetUnicodeCategory(codePoint)) & 1) != 0)
            return true;
        foreach (var (first, last) in _ranges)
        {
            if (codePoint >= first && codePoint <= last)
                return true;
        }
        foreach (var other in _union)
        {
            if (other.Contains(codePoint))
                return true;
        }
        return false;
    }
}
