namespace Brickwork.Kernels.MatMul;

/// <summary>How many tokens a kernel is compiled for: what is for tokens that are not there falls away.</summary>
interface ITokenCount
{
    static abstract int Count { get; }
}

readonly struct OneToken : ITokenCount
{
    public static int Count => 1;
}

readonly struct TwoTokens : ITokenCount
{
    public static int Count => 2;
}

readonly struct FourTokens : ITokenCount
{
    public static int Count => 4;
}
