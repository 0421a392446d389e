using System.Runtime.CompilerServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.CrossEntropy;

/// <summary>How far the student's softmax at a temperature is from the teacher's, one row, in nats · temperature².</summary>
/// <remarks>The square keeps the gradients as large as they are at temperature 1 (Hinton, Vinyals &amp; Dean 2015, section 2).</remarks>
static partial class DivergenceKernel
{
    // Behind the end of a row: a share of zero on both sides.
    const float Nowhere = -1e30f;

    /// <summary>The divergence; the student's logits stay.</summary>
    public static double Run(
        InstructionSet path, DivergenceKind kind, ReadOnlySpan<float> student, ReadOnlySpan<float> teacher, float temperature)
    {
        Require(student.Length, teacher.Length, temperature);
        if (path == InstructionSet.Reference)
            return RunReference(kind, student, teacher, temperature);
        return temperature * temperature * Plain(path, kind, Normalizer.Of(path, student, temperature), Normalizer.Of(path, teacher, temperature), student, teacher);
    }

    /// <summary>The divergence; the student's logits become its gradient times <paramref name="scale"/>.</summary>
    public static double Backward(
        InstructionSet path, DivergenceKind kind, Span<float> student, ReadOnlySpan<float> teacher, float temperature, float scale)
    {
        Require(student.Length, teacher.Length, temperature);
        if (path == InstructionSet.Reference)
            return BackwardReference(kind, student, teacher, temperature, scale);
        var (own, given) = (Normalizer.Of(path, student, temperature), Normalizer.Of(path, teacher, temperature));
        var divergence = Plain(path, kind, own, given, student, teacher);
        if (kind == DivergenceKind.Forward)
            ElementwiseKernel.Zip(path, new ForwardSlope(own, given, temperature * scale), student, teacher, student);
        else
            ElementwiseKernel.Zip(path, new ReverseSlope(own, given, divergence, temperature * scale), student, teacher, student);
        return temperature * temperature * divergence;
    }

    static float Plain(
        InstructionSet path, DivergenceKind kind, Normalizer own, Normalizer given, ReadOnlySpan<float> student, ReadOnlySpan<float> teacher) =>
        kind == DivergenceKind.Forward
            ? ElementwiseKernel.Sums(path, new Terms(given, own), teacher, student, student, Nowhere).Y
            : ElementwiseKernel.Sums(path, new Terms(own, given), student, teacher, teacher, Nowhere).Y;

    static void Require(int student, int teacher, float temperature)
    {
        if (student != teacher)
            throw new ArgumentException($"The student has {student} logits, the teacher {teacher}.", nameof(teacher));
        if (!(temperature > 0))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature is positive.");
    }

    /// <summary>Turns logits into logarithms of shares: (x − largest) · factor − logSum.</summary>
    readonly record struct Normalizer(float Largest, float Factor, float LogSum)
    {
        public static Normalizer Of(InstructionSet path, ReadOnlySpan<float> row, float temperature)
        {
            var largest = CrossEntropyKernel.Largest(path, row);
            var sum = CrossEntropyKernel.SumOfExponentials(path, row, largest, 1 / temperature);
            return new Normalizer(largest, 1 / temperature, (float)Math.Log(sum));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, ILanes<T> =>
            (x - T.Broadcast(Largest)) * T.Broadcast(Factor) - T.Broadcast(LogSum);
    }

    /// <summary>Σ first · ln(first / second).</summary>
    readonly struct Terms(Normalizer first, Normalizer second) : IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, T other, T same, ref T sum, ref T none) where T : struct, ILanes<T>
        {
            var logarithm = first.Apply(x);
            sum = T.MultiplyAdd(LaneMath.Exp(logarithm), logarithm - second.Apply(other), sum);
        }
    }

    readonly struct ForwardSlope(Normalizer student, Normalizer teacher, float scale) : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> =>
            (LaneMath.Exp(student.Apply(a)) - LaneMath.Exp(teacher.Apply(b))) * T.Broadcast(scale);
    }

    readonly struct ReverseSlope(Normalizer student, Normalizer teacher, float divergence, float scale) : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T>
        {
            var logarithm = student.Apply(a);
            return LaneMath.Exp(logarithm) * (logarithm - teacher.Apply(b) - T.Broadcast(divergence)) * T.Broadcast(scale);
        }
    }
}
