using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Optimizers;

/// <summary>How a weight follows from its gradient and what is remembered of earlier ones, value by value.</summary>
interface IUpdateRule
{
    void Apply<T>(T gradient, ref T weight, ref T memory) where T : struct, ILanes<T>;
}

/// <summary>The same with two remembered values for each weight.</summary>
interface ITwoMomentRule
{
    void Apply<T>(T gradient, ref T weight, ref T first, ref T second) where T : struct, ILanes<T>;
}
