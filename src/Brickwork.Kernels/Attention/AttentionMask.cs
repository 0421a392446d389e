namespace Brickwork.Kernels.Attention;

/// <summary>Which positions a query may look at.</summary>
enum MaskKind
{
    /// <summary>Itself and all before.</summary>
    Causal,

    /// <summary>Itself and the Width − 1 before.</summary>
    SlidingWindow,

    /// <summary>All, before and after.</summary>
    Full,

    /// <summary>Itself and Width / 2 to each side.</summary>
    SymmetricWindow,

    /// <summary>Itself and those before in the same stretch of Width positions.</summary>
    Chunked,
}

/// <summary>A rule that gives each position the range of positions it looks at.</summary>
readonly record struct AttentionMask(MaskKind Kind, int Width)
{
    public static AttentionMask Causal { get; } = new(MaskKind.Causal, 0);

    public static AttentionMask Full { get; } = new(MaskKind.Full, 0);

    public static AttentionMask SlidingWindow(int width) => Of(MaskKind.SlidingWindow, width);

    public static AttentionMask SymmetricWindow(int width) => Of(MaskKind.SymmetricWindow, width);

    public static AttentionMask Chunked(int width) => Of(MaskKind.Chunked, width);

    /// <summary>The first position that <paramref name="position"/> looks at.</summary>
    public int Start(int position) => Kind switch
    {
        MaskKind.SlidingWindow => Math.Max(0, position - Width + 1),
        MaskKind.SymmetricWindow => Math.Max(0, position - Width / 2),
        MaskKind.Chunked => position / Width * Width,
        _ => 0,
    };

    /// <summary>One more than the last position that <paramref name="position"/> looks at, of <paramref name="length"/> known ones.</summary>
    public int End(int position, int length) => Kind switch
    {
        MaskKind.Full => length,
        MaskKind.SymmetricWindow => (int)Math.Min(length, (long)position + Width / 2 + 1),
        _ => Math.Min(length, position + 1),
    };

    static AttentionMask Of(MaskKind kind, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return new(kind, width);
    }
}
