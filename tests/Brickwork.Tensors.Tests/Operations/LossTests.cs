using Brickwork.Kernels.CrossEntropy;
using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Tensors.Tests.Operations;

public sealed class LossTests
{
    const int Rows = 50;
    const int Columns = 1003;

    static readonly int[] Targets = [.. Enumerable.Range(0, Rows).Select(row => row % 4 == 1 ? RowLosses.NotScored : row * 37 % Columns)];

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void The_loss_is_the_logarithm_of_the_share_of_the_target(InstructionSet path)
    {
        using var compute = new Compute(2, path);
        var logits = Random(1, 5);
        var expected = 0.0;
        for (var row = 0; row < Rows; row++)
            if (Targets[row] >= 0)
                expected += LogShares(logits.Row(row), 1)[Targets[row]] * -1;

        var before = logits.Floats.ToArray();
        CrossEntropy.Run(compute, logits, Targets).ShouldBe(expected, 1e-6 * expected);
        logits.Floats.ToArray().ShouldBe(before);
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void The_loss_is_the_same_with_and_without_its_gradient_and_on_any_number_of_threads(InstructionSet path)
    {
        foreach (var run in Losses)
        {
            var alone = Bits(run, path, threads: 1);
            Bits(run, path, threads: 3).ShouldBe(alone);
        }
        using var compute = new Compute(1, path);
        CrossEntropy.Backward(compute, Random(1, 5), Targets, 0.3f).ShouldBe(CrossEntropy.Run(compute, Random(1, 5), Targets), 1e-9);
        foreach (var kind in Enum.GetValues<DivergenceKind>())
            Divergence.Backward(compute, kind, Random(1, 5), Random(2, 4), Targets, 2, 0.3f)
                .ShouldBe(Divergence.Run(compute, kind, Random(1, 5), Random(2, 4), Targets, 2));
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void A_divergence_is_the_sum_of_shares_times_logarithms_of_their_ratio(InstructionSet path)
    {
        using var compute = new Compute(2, path);
        var (student, teacher) = (Random(1, 5), Random(2, 4));
        foreach (var kind in Enum.GetValues<DivergenceKind>())
        {
            var expected = 0.0;
            for (var row = 0; row < Rows; row++)
                if (Targets[row] >= 0)
                {
                    var (own, given) = (LogShares(student.Row(row), 1.5f), LogShares(teacher.Row(row), 1.5f));
                    var (first, second) = kind == DivergenceKind.Forward ? (given, own) : (own, given);
                    expected += 1.5f * 1.5f * first.Zip(second, (p, q) => Math.Exp(p) * (p - q)).Sum();
                }
            Divergence.Run(compute, kind, student, teacher, Targets, 1.5f).ShouldBe(expected, 1e-5 * expected, $"{kind}");
        }
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void A_student_that_says_what_its_teacher_says_has_nothing_to_learn(InstructionSet path)
    {
        using var compute = new Compute(1, path);
        foreach (var kind in Enum.GetValues<DivergenceKind>())
        {
            var student = Random(1, 5);
            Divergence.Backward(compute, kind, student, Random(1, 5), Targets, 2, 1).ShouldBe(0, 1e-5);
            student.Floats.ToArray().ShouldAllBe(slope => Math.Abs(slope) < 1e-7);
        }
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void Rows_that_are_not_scored_have_no_loss_and_no_gradient(InstructionSet path)
    {
        using var compute = new Compute(2, path);
        var none = Enumerable.Repeat(RowLosses.NotScored, Rows).ToArray();
        foreach (var run in Losses)
        {
            var logits = Random(1, 5);
            logits.Row(1).Fill(float.NaN);
            double.IsFinite(run(compute, logits, Targets)).ShouldBeTrue();
            for (var row = 0; row < Rows; row++)
                (Targets[row] >= 0).ShouldBe(logits.Row(row).ToArray().Any(slope => slope != 0));
            run(compute, logits, none).ShouldBe(0);
        }
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void Huge_logits_give_huge_losses_and_finite_gradients(InstructionSet path)
    {
        using var compute = new Compute(1, path);
        var logits = Tensor.From([30000, -30000, 0, 1, float.NegativeInfinity, -30000, 30000, 29999, 0, 5], 2, 5);
        CrossEntropy.Backward(compute, logits, [1, 1], 1).ShouldBe(60000 + Math.Log(1 + Math.Exp(-1)), 1e-2);
        logits.Row(0).ToArray().ShouldBe([1, -1, 0, 0, 0]);
        logits.Row(1)[1].ShouldBe(-0.26894142f, 1e-6f);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var compute = new Compute(1);
        var logits = Tensor.Zeros(2, 5);
        Should.Throw<ArgumentException>(() => CrossEntropy.Run(compute, logits, [1]));
        Should.Throw<ArgumentOutOfRangeException>(() => CrossEntropy.Run(compute, logits, [1, 5]));
        Should.Throw<ArgumentOutOfRangeException>(() => CrossEntropy.Backward(compute, logits, [-2, 1], 1));
        Should.Throw<ArgumentException>(() => Divergence.Run(compute, DivergenceKind.Forward, logits, Tensor.Zeros(2, 6), [1, 1], 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Divergence.Run(compute, DivergenceKind.Forward, logits, logits, [1, 1], 0));
    }

    static readonly Func<Compute, Tensor, int[], double>[] Losses =
    [
        (compute, logits, targets) => CrossEntropy.Backward(compute, logits, targets, 0.5f),
        (compute, logits, targets) => Divergence.Backward(compute, DivergenceKind.Forward, logits, Random(2, 4), targets, 2, 0.5f),
        (compute, logits, targets) => Divergence.Backward(compute, DivergenceKind.Reverse, logits, Random(2, 4), targets, 2, 0.5f),
    ];

    static int[] Bits(Func<Compute, Tensor, int[], double> run, InstructionSet path, int threads)
    {
        using var compute = new Compute(threads, path);
        var logits = Random(1, 5);
        var loss = run(compute, logits, Targets);
        return [.. logits.Floats.ToArray().Select(BitConverter.SingleToInt32Bits), BitConverter.DoubleToInt64Bits(loss).GetHashCode()];
    }

    static double[] LogShares(Span<float> row, double temperature)
    {
        double[] scaled = [.. row.ToArray().Select(value => value / temperature)];
        var total = Math.Log(scaled.Sum(Math.Exp));
        return [.. scaled.Select(value => value - total)];
    }

    static Tensor Random(int seed, float spread)
    {
        var (random, tensor) = (new Random(seed), Tensor.Zeros(Rows, Columns));
        foreach (ref var value in tensor.Floats)
            value = (float)(random.NextDouble() * 2 - 1) * spread;
        return tensor;
    }
}
