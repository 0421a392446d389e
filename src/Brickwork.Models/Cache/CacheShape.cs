using Brickwork.Kernels.Attention;

namespace Brickwork.Models.Cache;

/// <summary>What a layer stores of each token.</summary>
/// <param name="KvHeads">Key-value heads.</param>
/// <param name="KeyWidth">Values of a key.</param>
/// <param name="ValueWidth">Values of a value row.</param>
/// <param name="Type">How they are stored.</param>
/// <param name="Window">No query looks further back than this many positions, itself included; null = it may look at all.</param>
/// <param name="Sinks">Positions at the start that every query looks at all the same, at most a page.</param>
readonly record struct CacheShape(int KvHeads, int KeyWidth, int ValueWidth, CacheType Type, int? Window = null, int Sinks = 0)
{
    /// <summary>How one head's part of a page lies in memory.</summary>
    public KeyValuePage Page => new(Type, KeyWidth, ValueWidth);

    /// <summary>The first position, behind the sinks, that <paramref name="position"/> may look at.</summary>
    public int FirstSeenBy(int position) => Window is { } window && position >= (long)window + Sinks ? position - window + 1 : 0;

    /// <summary>Bytes of a page of 64 positions, all heads.</summary>
    public long PageBytes => (long)Page.Bytes * KvHeads;

    /// <summary>Bytes of the pages that a sequence of <paramref name="length"/> tokens, fed <paramref name="rows"/> at once, holds at most.</summary>
    public long BytesAt(int length, int rows)
    {
        var pages = PagesFor(length);
        // A window seldom begins where a page does.
        return PageBytes * (Window is { } window ? Math.Min(pages, PagesFor((long)window - 1 + rows) + 1 + PagesFor(Sinks)) : pages);
    }

    static long PagesFor(long length) => (length + KeyValuePage.Positions - 1) / KeyValuePage.Positions;
}
