using Brickwork.TestKit;
using Brickwork.Tensors.Optimizers;

namespace Brickwork.Tensors.Tests.Optimizers;

public sealed class GradientNormTests
{
    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void The_norm_is_that_of_all_gradients_together(InstructionSet path)
    {
        var parameters = SampleParameters.Some();
        using var compute = new Compute(2, path);
        var expected = Math.Sqrt(parameters.Sum(parameter => parameter.Gradient.Floats.ToArray().Sum(g => (double)g * g)));

        GradientNorm.Of(compute, parameters).ShouldBe(expected, expected * 1e-6);
    }

    [Fact]
    public void Long_gradients_are_cut_to_the_limit_and_short_ones_left()
    {
        GradientNorm.ClipScale(4, 1).ShouldBe(0.25f);
        GradientNorm.ClipScale(0.5, 1).ShouldBe(1);
        GradientNorm.ClipScale(4, null).ShouldBe(1);
    }

    [Fact]
    public void An_average_of_weights_trails_them_and_can_be_swapped_in_and_out()
    {
        var parameters = SampleParameters.Some();
        using var compute = new Compute(2);
        var before = SampleParameters.Values(parameters);
        var average = new WeightAverage(compute, parameters);
        foreach (var parameter in parameters)
            foreach (ref var value in parameter.Value.Floats)
                value += 1;
        var moved = SampleParameters.Values(parameters);

        average.Add(step: 1000, decay: 0.75f);
        average.Swap();
        var averaged = SampleParameters.Values(parameters);
        average.Swap();

        ((ReadOnlySpan<float>)averaged).ShouldBeClose([.. before.Select(value => value + 0.25f)], Tolerance.Within(1e-6, "two roundings"));
        SampleParameters.Values(parameters).ShouldBe(moved);
    }
}
