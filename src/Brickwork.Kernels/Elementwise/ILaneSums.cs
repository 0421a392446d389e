namespace Brickwork.Kernels.Elementwise;

/// <summary>As much of a vector of floats as sums of products need.</summary>
interface ILaneSums<TSelf> where TSelf : struct, ILaneSums<TSelf>
{
    /// <summary>Floats in the vector.</summary>
    static abstract int Count { get; }

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Load(ref readonly float source, nuint offset);

    static abstract void Store(TSelf value, ref float target, nuint offset);

    /// <summary>left · right + addend, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);
}
