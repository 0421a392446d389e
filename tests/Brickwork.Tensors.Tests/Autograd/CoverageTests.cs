using Brickwork.Tensors.Autograd;
using Brickwork.Tensors.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Tensors.Tests.Autograd;

public sealed class CoverageTests
{
    const int Places = 40;

    [Fact]
    public void What_is_new_is_what_a_list_of_marks_says()
    {
        var stretch = ArbMap.Default.GeneratorFor<(byte From, byte Length, bool IsAdded)>()
            .Select(drawn => (From: drawn.From % Places, Length: drawn.Length % (Places - drawn.From % Places + 1), drawn.IsAdded));
        Prop.ForAll(stretch.ListOf().ToArbitrary(), steps =>
        {
            using var storage = new NativeStorage(Places * sizeof(float));
            var (coverage, marks) = (new Coverage(), new bool[Places]);
            return steps.All(step =>
            {
                var place = new Tensor(storage, step.From * sizeof(float), DType.F32, new Shape(step.Length));
                var isRight = true;
                if (step.IsAdded)
                    isRight = Floats(coverage.Add(place)).SequenceEqual(Enumerable.Range(step.From, step.Length).Where(index => !marks[index]));
                else
                    coverage.Remove(storage, place.Offset, place.Offset + place.Bytes);
                marks.AsSpan(step.From, step.Length).Fill(step.IsAdded);
                return isRight && Enumerable.Range(0, Places).All(index => coverage.Contains(storage, index * sizeof(float)) == marks[index]);
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Storages_know_nothing_of_each_other()
    {
        using var one = new NativeStorage(64);
        using var other = new NativeStorage(64);
        var coverage = new Coverage();
        coverage.Add(new Tensor(one, 0, DType.F32, new Shape(16)));

        coverage.Add(new Tensor(other, 0, DType.F32, new Shape(16))).ShouldBe([(0L, 64L)]);
        coverage.Add(new Tensor(one, 0, DType.F32, new Shape(16))).ShouldBeEmpty();
    }

    static IEnumerable<int> Floats(IEnumerable<(long From, long To)> stretches) =>
        stretches.SelectMany(stretch => Enumerable.Range((int)(stretch.From / sizeof(float)), (int)((stretch.To - stretch.From) / sizeof(float))));
}
