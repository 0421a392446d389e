using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Route;

public sealed class RetrievalTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    readonly LanguageModel _model = LanguageModel.Load(SharedData.InRepository("models", "stories260k.gguf"));

    readonly Dictionary<string, IReadOnlyList<string>> _samples = new()
    {
        ["tales"] = ["Once upon a time, there was a little girl named Lily. She loved to play.", "One day, a boy named Tim saw a big dog in the park. The dog was happy."],
        ["code"] = ["public static int Main(string[] args) { return 0; }", "for (var i = 0; i < 10; i++) { sum += values[i]; }"],
    };

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_brick_is_found_whose_samples_are_like_the_text()
    {
        var router = RetrievalRouter.Fit(_model, _samples);

        router.Choose(_model, "Then Tim and Lily went to the park to play with the dog.")[0].Brick.ShouldBe("tales");
        router.Choose(_model, "if (values[i] > 0) { return args[0]; }")[0].Brick.ShouldBe("code");
        var chosen = router.Choose(_model, "The end.");
        chosen.Sum(entry => entry.Weight).ShouldBe(1, 1e-6f);
        chosen.Select(entry => entry.Weight).ShouldBeInOrder(SortDirection.Descending);
        router.Choose(_model, "The end.", new RouteRule { Shares = RouteShares.Even }).ShouldAllBe(entry => entry.Weight == 0.5f);
        router.Choose(_model, "The end.", new RouteRule { TopK = 1 }).Single().Weight.ShouldBe(1);
    }

    [Fact]
    public void Plugged_bricks_do_not_change_what_is_found()
    {
        var router = RetrievalRouter.Fit(_model, _samples);
        var brick = new NewLora { Id = "noise", Targets = new("layers.*.attention.query") }.Make(_model);
        PicoBricks.Draw(new Random(1), 1, brick.Tensors.Values.ElementAt(1).Rows, brick.Tensors.Values.ElementAt(1).Columns).Floats.CopyTo(brick.Tensors.Values.ElementAt(1).Floats);
        using var plugged = _model.Plug(brick);

        router.Choose(plugged, "Tim saw a cat.").ShouldBe(router.Choose(_model, "Tim saw a cat."));
    }

    [Fact]
    public void What_is_saved_chooses_the_same()
    {
        var router = RetrievalRouter.Fit(_model, _samples);
        router.Save(_folder.File("index.safetensors"));

        var again = RetrievalRouter.Open(_folder.File("index.safetensors"));

        again.Bricks.ShouldBe(router.Bricks);
        again.Choose(_model, "Tim saw a cat.").ShouldBe(router.Choose(_model, "Tim saw a cat."));
        Should.Throw<CheckpointException>(() => router.Save(_folder.File("index.safetensors"))).Message.ShouldContain("exists");
    }

    [Fact]
    public void Files_and_models_that_do_not_belong_together_are_refused()
    {
        using var pico = PicoModel.Llama();
        var brick = _folder.File("a.brick");
        PicoBricks.Make("lora", pico).Save(brick);

        Should.Throw<CheckpointException>(() => RetrievalRouter.Open(brick)).Message.ShouldContain("no entries");
        Should.Throw<CheckpointException>(() => RetrievalRouter.Fit(_model, _samples).Choose(pico, "Hello")).Message.ShouldContain("made with");
        Should.Throw<RecipeException>(() => RetrievalRouter.Fit(_model, new Dictionary<string, IReadOnlyList<string>> { ["empty"] = [] })).Message.ShouldContain("'empty'");
    }
}
