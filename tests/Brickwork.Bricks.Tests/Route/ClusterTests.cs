using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Route;

public class ClusterTests
{
    [Fact]
    public void Bricks_that_differ_by_noise_come_into_one_group()
    {
        using var model = PicoModel.Llama();
        var families = RouteLaws.Three(model);
        // Nine bricks, of three kinds in turns.
        Brick[] bricks = [.. Enumerable.Range(0, 9).Select(index => Near(families[index % 3], index))];

        var groups = BrickClusters.Find(bricks, new ClusterOptions { Clusters = 3 });

        groups.ShouldBe([0, 1, 2, 0, 1, 2, 0, 1, 2]);
        BrickClusters.Find(bricks, new ClusterOptions { Clusters = 1 }).ShouldAllBe(group => group == 0);
        BrickClusters.Find(bricks, new ClusterOptions { Clusters = 9 }).Distinct().Count().ShouldBe(9);
    }

    [Fact]
    public void With_all_values_and_directions_likeness_is_the_cosine_of_the_values()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        float[][] values = [.. bricks.Select(brick => brick.Tensors.Values.SelectMany(tensor => tensor.Floats.ToArray()).ToArray())];

        var likeness = BrickClusters.Likeness(bricks, new ClusterOptions { Quantile = 0 });

        for (var a = 0; a < 3; a++)
            for (var b = 0; b < 3; b++)
                likeness[a, b].ShouldBe(Dot(values[a], values[b]) / Math.Sqrt(Dot(values[a], values[a]) * Dot(values[b], values[b])), 1e-9);
    }

    [Fact]
    public void Bricks_that_cannot_be_compared_are_refused()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);

        Should.Throw<RecipeException>(() => BrickClusters.Find(bricks)).Message.ShouldContain("10 groups");
        Should.Throw<RecipeException>(() => BrickClusters.Find([bricks[0], PicoBricks.Make("ia3", model)], new ClusterOptions { Clusters = 2 })).Message.ShouldContain("ia3-1");
        Should.Throw<RecipeException>(() => BrickClusters.Find(bricks, new ClusterOptions { Clusters = 2, Quantile = 1 }));
    }

    static Brick Near(Brick brick, int seed)
    {
        var random = new Random(seed);
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (var (name, values) in brick.Tensors)
        {
            var copy = values.ToFloats();
            if (!name.EndsWith(BrickTensors.LoraFactor, StringComparison.Ordinal))
                foreach (ref var value in copy.Floats)
                    value += (random.NextSingle() - 0.5f) * 0.05f;
            tensors.Add(name, copy);
        }
        return new Brick(brick.Manifest with { Id = $"{brick.Id}.{seed}" }, tensors);
    }

    static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
