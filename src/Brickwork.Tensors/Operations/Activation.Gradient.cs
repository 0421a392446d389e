using Brickwork.Kernels.Activations;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class Activation
{
    /// <summary>Adds to the gradients of gate and up.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="kind">The function.</param>
    /// <param name="gate">[T, N], as it was before.</param>
    /// <param name="up">[T, N], as it was before, or null for 1.</param>
    /// <param name="dy">[T, N], the gradient of the output.</param>
    /// <param name="dGate">[T, N], added to; null = not wanted.</param>
    /// <param name="dUp">[T, N], added to; null = not wanted.</param>
    /// <param name="limit">Only for <see cref="ActivationKind.ClampedSwiGlu"/>.</param>
    public static void Backward(
        Compute compute, ActivationKind kind, in Tensor gate, in Tensor? up, in Tensor dy, in GradientSum? dGate,
        in GradientSum? dUp, float limit = DefaultLimit)
    {
        RowWork.RequireSameShape(gate, dy);
        foreach (var other in (ReadOnlySpan<Tensor?>)[up, dGate?.Place, dUp?.Place])
            if (other is { } given)
                RowWork.RequireSameShape(gate, given);
        RowWork.Run(compute, dy.Rows, dy.Columns, new BackwardWork(compute.InstructionSet, kind, gate, up, dy, dGate, dUp, limit));
    }

    /// <summary>The same for gate and up side by side in one row.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="kind">The function.</param>
    /// <param name="gateAndUp">[T, 2N], as it was before.</param>
    /// <param name="dy">[T, N], the gradient of the output.</param>
    /// <param name="dGateAndUp">[T, 2N], added to.</param>
    /// <param name="limit">Only for <see cref="ActivationKind.ClampedSwiGlu"/>.</param>
    public static void BackwardJoined(
        Compute compute, ActivationKind kind, in Tensor gateAndUp, in Tensor dy, in GradientSum dGateAndUp, float limit = DefaultLimit)
    {
        RequireJoined(gateAndUp, dy);
        RowWork.RequireSameShape(gateAndUp, dGateAndUp.Place);
        RowWork.Run(compute, dy.Rows, dy.Columns, new JoinedBackwardWork(compute.InstructionSet, kind, gateAndUp, dy, dGateAndUp, limit));
    }

    /// <summary>Records what <see cref="Run"/> did, if any of it is wanted; y is not the memory of gate or up then.</summary>
    public static void Record(
        Tape tape, ActivationKind kind, in Tensor gate, in Tensor? up, in Tensor y, float limit = DefaultLimit)
    {
        if (tape.Wants(gate) || (up is { } other && tape.Wants(other)))
            tape.Record(y, new Step(kind, gate, up, y, limit));
    }

    /// <summary>Records what <see cref="RunJoined"/> did, if it is wanted.</summary>
    public static void RecordJoined(Tape tape, ActivationKind kind, in Tensor gateAndUp, in Tensor y, float limit = DefaultLimit)
    {
        if (tape.Wants(gateAndUp))
            tape.Record(y, new JoinedStep(kind, gateAndUp, y, limit));
    }

    sealed class Step(ActivationKind kind, Tensor gate, Tensor? up, Tensor y, float limit) : IGradient
    {
        public void Backward(Tape tape) => Activation.Backward(
            tape.Compute, kind, gate, up, tape.Gradient(y), tape.TrySum(gate), tape.TrySum(up), limit);
    }

    sealed class JoinedStep(ActivationKind kind, Tensor gateAndUp, Tensor y, float limit) : IGradient
    {
        public void Backward(Tape tape) =>
            BackwardJoined(tape.Compute, kind, gateAndUp, tape.Gradient(y), tape.TrySum(gateAndUp)!.Value, limit);
    }

    readonly struct BackwardWork(
        InstructionSet path, ActivationKind kind, Tensor gate, Tensor? up, Tensor dy, GradientSum? dGate, GradientSum? dUp, float limit) : IRowWork
    {
        // Rows do not matter to it: what a thread has is one long row.
        public void Run(int firstRow, int rows)
        {
            var (first, count) = (firstRow * dy.Columns, rows * dy.Columns);
            ActivationKernel.Backward(
                path, kind, gate.Floats.Slice(first, count), Part(up, first, count), limit, dy.Floats.Slice(first, count),
                GradientSum.Part(dGate, first, count), GradientSum.Part(dUp, first, count));
        }

        static Span<float> Part(Tensor? tensor, int first, int count) => tensor is { } given ? given.Floats.Slice(first, count) : default;
    }

    readonly struct JoinedBackwardWork(
        InstructionSet path, ActivationKind kind, Tensor gateAndUp, Tensor dy, GradientSum dGateAndUp, float limit) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var columns = dy.Columns;
            var source = gateAndUp.Floats;
            var target = dGateAndUp.Part(2 * firstRow * columns, 2 * rows * columns);
            for (var row = firstRow; row < firstRow + rows; row++, target = target[(2 * columns)..])
                ActivationKernel.Backward(
                    path, kind, source.Slice(2 * row * columns, columns), source.Slice((2 * row + 1) * columns, columns), limit, dy.Row(row),
                    target[..columns], target.Slice(columns, columns));
        }
    }
}
