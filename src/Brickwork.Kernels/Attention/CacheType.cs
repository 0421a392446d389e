namespace Brickwork;

/// <summary>How the keys and values of past tokens are stored.</summary>
public enum CacheType
{
    /// <summary>As computed.</summary>
    F32,

    /// <summary>Half precision: half the memory.</summary>
    F16,

    /// <summary>Blocks of 32 signed bytes with a half-precision scale: about a quarter of the memory.</summary>
    Q8_0,

    /// <summary>Blocks of 32 4-bit values with a half-precision scale, rounded as ggml does: about an eighth of the memory.</summary>
    Q4_0,
}
