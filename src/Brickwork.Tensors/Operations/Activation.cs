using Brickwork.Kernels.Activations;

namespace Brickwork.Tensors.Operations;

/// <summary>y = f(gate), or f(gate) · up.</summary>
static partial class Activation
{
    /// <summary>Where gpt-oss cuts off.</summary>
    public const float DefaultLimit = 7;

    /// <param name="compute">Threads and path.</param>
    /// <param name="kind">The function.</param>
    /// <param name="gate">[T, N].</param>
    /// <param name="up">[T, N], or null for 1.</param>
    /// <param name="y">[T, N]; may be the memory of gate or up.</param>
    /// <param name="limit">Only for <see cref="ActivationKind.ClampedSwiGlu"/>.</param>
    public static void Run(
        Compute compute, ActivationKind kind, in Tensor gate, in Tensor? up, in Tensor y, float limit = DefaultLimit)
    {
        RowWork.RequireSameShape(gate, y);
        if (up is { } given)
            RowWork.RequireSameShape(gate, given);
        RowWork.Run(compute, y.Rows, y.Columns, new Work(compute.InstructionSet, kind, gate, up, y, limit));
    }

    /// <summary>The same for gate and up side by side in one row: y = f(x[.., 0…N]) · x[.., N…2N].</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="kind">The function.</param>
    /// <param name="gateAndUp">[T, 2N].</param>
    /// <param name="y">[T, N], memory of its own.</param>
    /// <param name="limit">Only for <see cref="ActivationKind.ClampedSwiGlu"/>.</param>
    public static void RunJoined(
        Compute compute, ActivationKind kind, in Tensor gateAndUp, in Tensor y, float limit = DefaultLimit)
    {
        RequireJoined(gateAndUp, y);
        RowWork.Run(compute, y.Rows, y.Columns, new JoinedWork(compute.InstructionSet, kind, gateAndUp, y, limit));
    }

    static void RequireJoined(in Tensor gateAndUp, in Tensor y)
    {
        if (gateAndUp.Rows != y.Rows || gateAndUp.Columns != 2 * y.Columns)
            throw new ArgumentException($"{gateAndUp} does not hold gate and up for {y}.", nameof(gateAndUp));
    }

    readonly struct Work(InstructionSet path, ActivationKind kind, Tensor gate, Tensor? up, Tensor y, float limit) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var source = gate.Floats;
            var target = y.Floats;
            var columns = y.Columns;
            var factors = up is { } given ? given.Floats : default;
            for (var row = firstRow; row < firstRow + rows; row++)
                ActivationKernel.Run(
                    path, kind, source.Slice(row * columns, columns),
                    factors.IsEmpty ? factors : factors.Slice(row * columns, columns), limit, target.Slice(row * columns, columns));
        }
    }

    readonly struct JoinedWork(InstructionSet path, ActivationKind kind, Tensor gateAndUp, Tensor y, float limit) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var source = gateAndUp.Floats;
            var target = y.Floats;
            var columns = y.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
                ActivationKernel.Run(
                    path, kind, source.Slice(2 * row * columns, columns), source.Slice((2 * row + 1) * columns, columns), limit,
                    target.Slice(row * columns, columns));
        }
    }
}
