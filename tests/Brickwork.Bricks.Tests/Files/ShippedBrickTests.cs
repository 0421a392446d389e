using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Files;

/// <summary>The bricks in <c>models/bricks</c> belong to the default model: training that again makes them stale.</summary>
public class ShippedBrickTests
{
    const long Megabyte = 1_000_000;

    public static TheoryData<string> Names() => [.. NamesIn("models", "*.brick")];

    [Theory, MemberData(nameof(Names))]
    public void They_fit_the_default_model_and_change_what_it_says(string name)
    {
        var path = SharedData.InRepository("models", "bricks", $"{name}.brick");
        using var model = LanguageModel.Load();
        var brick = Brick.Open(path, model);
        using var plugged = model.Plug(brick);

        new FileInfo(path).Length.ShouldBeLessThan(Megabyte);
        brick.Manifest.Parent.ShouldBe(model.Fingerprint);
        MergedWeightsTests.Logits(plugged).ShouldNotBe(MergedWeightsTests.Logits(model));
    }

    [Fact]
    public void Each_of_the_recipes_has_its_brick() =>
        NamesIn("recipes", "*.yml").ShouldBe(NamesIn("models", "*.brick"));

    static IEnumerable<string> NamesIn(string folder, string pattern) =>
        Directory.EnumerateFiles(SharedData.InRepository(folder, "bricks"), pattern).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);
}
