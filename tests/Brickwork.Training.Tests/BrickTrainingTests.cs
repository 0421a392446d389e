using System.Security.Cryptography;
using Brickwork.TestKit;
using Brickwork.Training.Plans;

namespace Brickwork.Training.Tests;

public sealed class BrickTrainingTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lora:rank=4")]
    [InlineData("rslora:rank=4,targets=layers.*.attention.{query,value}")]
    [InlineData("dora:rank=2")]
    [InlineData("ia3")]
    [InlineData("bottleneck:neurons=6")]
    [InlineData("bitfit")]
    [InlineData("pissa:rank=3")]
    [InlineData("qlora:rank=4")]
    [InlineData("prompt:tokens=5")]
    [InlineData("prefix:tokens=5")]
    public void A_brick_lowers_the_held_out_loss_and_leaves_the_model_as_it_was(string kind)
    {
        var plan = Plan(kind);
        using var model = LanguageModel.Load(plan.Model);
        var before = SHA256.HashData(File.ReadAllBytes(SharedData.InRepository("models", "stories260k.gguf")));

        var result = new Trainer(plan, Options("out")).Run();

        SHA256.HashData(File.ReadAllBytes(SharedData.InRepository("models", "stories260k.gguf"))).ShouldBe(before);
        result.Model.ShouldBe(_folder.File("out", "cats.brick"));
        var brick = Brick.Open(result.Model);
        var (was, now) = (brick.Manifest.Scores["text bits per byte before training"], brick.Manifest.Scores["text bits per byte"]);
        now.ShouldBeLessThan(was - 0.02);
        using var plugged = model.Plug(brick);
        plugged.Bricks.ShouldHaveSingleItem().Id.ShouldBe("cats");
    }

    [Fact]
    public void The_signs_of_a_fine_tuning_learn_their_sizes_from_it()
    {
        var tuned = new Trainer(Plan("lora") with { Brick = null, Name = "tuned", OutputType = DType.F32 }, Options("tuned")).Run().Model;
        var brick = NewBrickReader.Parse($"bitdelta:tuned={tuned}", "signs");
        var plan = Plan("lora") with { Brick = brick, Objective = new DistillationObjective { Teacher = tuned, TextShare = 0 }, Schedule = new ConstantSchedule { Rate = 1e-3f } };
        var losses = new List<double>();

        new Trainer(plan, Options("signs")).Run(new Watch(losses));

        losses[^1].ShouldBeLessThan(losses[0]);
        new FileInfo(_folder.File("signs", "signs.brick")).Length.ShouldBeLessThan(new FileInfo(tuned).Length / 20);
    }

    [Fact]
    public void A_training_of_a_brick_that_is_stopped_and_resumed_ends_with_the_same_bits()
    {
        var plan = Plan("dora:rank=2") with { AverageDecay = 0.9f, Batch = new BatchPlan { Sequences = 4, Length = 32, MicroSequences = 2 }, RecomputeBlocks = true };
        var whole = new Trainer(plan, Options("whole")).Run();
        using var cancel = new CancellationTokenSource();
        new Trainer(plan, Options("out")).Run(new Stop(7, cancel), cancel.Token).IsComplete.ShouldBeFalse();

        var resumed = new Trainer(plan, Options("out") with { Existing = ExistingTraining.Resume, Threads = 1 }).Run();

        File.ReadAllBytes(resumed.Model).ShouldBe(File.ReadAllBytes(whole.Model));
    }

    [Fact]
    public void A_brick_has_the_licence_that_its_plan_gives_it()
    {
        var result = new Trainer(Plan("lora:rank=2,licence=MIT") with { Steps = 1 }, Options("out")).Run();

        Brick.Open(result.Model).Manifest.Licence.ShouldBe("MIT");
        Brick.Open(new Trainer(Plan("lora:rank=2") with { Steps = 1 }, Options("other")).Run().Model).Manifest.Licence.ShouldBeNull();
    }

    [Fact]
    public void Another_rank_is_another_plan()
    {
        new Trainer(Plan("lora:rank=4") with { Steps = 1 }, Options("out")).Run();

        Should.Throw<RecipeException>(() => new Trainer(Plan("lora:rank=5") with { Steps = 1 }, Options("out") with { Existing = ExistingTraining.Resume }).Run())
            .Message.ShouldContain("'brick.rank' was 4 and is 5");
    }

    [Fact]
    public void A_brick_is_stored_in_the_type_of_the_plan()
    {
        var half = new Trainer(Plan("lora:rank=4") with { Steps = 2 }, Options("half")).Run();
        var full = new Trainer(Plan("lora:rank=4") with { Steps = 2, OutputType = DType.F32 }, Options("full")).Run();

        Brick.Open(half.Model).Bytes.ShouldBeInRange(Brick.Open(full.Model).Bytes / 2, Brick.Open(full.Model).Bytes * 6 / 10);
        Brick.Open(half.Model).LargestDifference(Brick.Open(full.Model)).ShouldBeInRange(1e-9, 1e-4);
    }

    [Fact]
    public void Every_key_of_a_brick_is_read()
    {
        var plan = TrainingPlan.Parse("name: poet\nseed: 5\ndata: [a]\nbrick: { kind: rslora, rank: 3, alpha: 7, targets: layers.0.attention.query }");

        var lora = plan.Brick.ShouldBeOfType<NewLora>();
        (lora.Id, lora.Rank, lora.Alpha, lora.Scaling, lora.Targets.Text, lora.Seed).ShouldBe(("poet", 3, 7f, LoraScaling.ByRootOfRank, "layers.0.attention.query", 5ul));
        TrainingPlan.Parse("data: [a]\nbrick: { kind: bottleneck, neurons: 9, name: b, seed: 3 }").Brick.ShouldBeOfType<NewBottleneck>().Neurons.ShouldBe(9);
        TrainingPlan.Parse("data: [a]\nbrick: { kind: ia3, inputs: '**.down' }").Brick.ShouldBeOfType<NewIa3>().Inputs!.Text.ShouldBe("**.down");
    }

    [Theory]
    [InlineData("data: [a]\nbrick: { rank: 3 }", "'brick.kind' is missing")]
    [InlineData("data: [a]\nbrick: { kind: loora }", "'loora'; expected lora, rslora")]
    [InlineData("data: [a]\nbrick: { kind: lora, neurons: 3 }", "'brick.neurons' is not known")]
    [InlineData("data: [a]\nbrick: { kind: lora, rank: 0 }", "'brick.rank' is 0")]
    [InlineData("data: [a]\nbrick: { kind: lora, targets: 'layers.{a' }", "'layers.{a'; expected a slot pattern")]
    [InlineData("data: [a]\nbrick: { kind: lora, name: a/b }", "'brick.name' is 'a/b'")]
    [InlineData("data: [a]\nbrick: { kind: lora }\nnew: { width: 32 }", "'brick' and 'new'")]
    public void What_is_no_brick_is_refused_in_words(string yaml, string part) => Should.Throw<RecipeException>(() => TrainingPlan.Parse(yaml)).Message.ShouldContain(part);

    [Theory]
    [InlineData("lora:rank", "'rank' is no setting")]
    [InlineData("lora:rank=2,rank=3", "'rank=3' is no setting")]
    [InlineData("lora:ranks=2", "'ranks' is not known")]
    [InlineData("", "kind")]
    public void Settings_in_one_line_are_refused_likewise(string text, string part) => Should.Throw<RecipeException>(() => NewBrickReader.Parse(text, "a")).Message.ShouldContain(part);

    [Fact]
    public void The_guide_to_training_tells_of_every_kind() =>
        File.ReadLines(SharedData.InRepository("docs", "training.md")).SkipWhile(line => !line.StartsWith("| kind |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).SelectMany(line => line.Split('|')[1].Split(',')).Select(word => word.Trim(' ', '`'))
            .ShouldBe(NewBrickReader.Words);

    [Fact]
    public void A_value_in_one_line_may_hold_commas_in_braces_and_between_quotation_marks()
    {
        var brick = (NewBitDelta)NewBrickReader.Parse("bitdelta:tuned=\"one, {or more.gguf\",targets=layers.*.attention.{query,value}", "signs");

        Path.GetFileName(brick.Tuned).ShouldBe("one, {or more.gguf");
        brick.Targets.Text.ShouldBe("layers.*.attention.{query,value}");
        Should.Throw<RecipeException>(() => NewBrickReader.Parse("lora:rank=2,targets=layers.*.attention.{query", "open"));
    }

    [Fact]
    public void Slots_that_a_model_lacks_are_refused_before_anything_is_written()
    {
        Should.Throw<SlotNotFoundException>(() => new Trainer(Plan("lora:targets=layers.*.mixer"), Options("out")).Run()).Message.ShouldContain("layers.*.mixer");
        File.Exists(_folder.File("out", "tokens.bin")).ShouldBeFalse();
    }

    TrainingPlan Plan(string brick) => new()
    {
        Name = "cats",
        Model = "stories260k",
        Brick = NewBrickReader.Parse(brick, "cats"),
        Data = [new DomainPlan { Source = CorpusSource.From(Text()) with { Boundary = DocumentBoundary.Line } }],
        HeldOut = 0.2,
        Steps = 12,
        Batch = new BatchPlan { Sequences = 4, Length = 32 },
        Schedule = new ConstantSchedule { Rate = 0.02f },
        Evaluation = new EvaluationPlan { Every = 6, TokensPerDomain = 200 },
        Samples = new SamplePlan { Every = 6, Tokens = 4 },
        Checkpoints = new CheckpointPlan { Every = 4 },
        Seed = 1,
    };

    TrainerOptions Options(string name) => new() { Folder = _folder.File(name), Threads = 2 };

    string Text()
    {
        var random = new SeededRandom(3);
        string[] words = ["the", "cat", "dog", "sat", "ran", "and", "on", "a", "mat", "red"];
        return _folder.Write("text.txt", string.Join('\n', Enumerable.Range(0, 60).Select(_ => string.Join(' ', Enumerable.Range(0, 12).Select(_ => words[random.NextInt32(words.Length)])))));
    }

    sealed class Watch(List<double> losses) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value)
        {
            if (value is TrainingStep { Step.Loss: var loss })
                losses.Add(loss);
        }
    }

    sealed class Stop(long step, CancellationTokenSource cancel) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value)
        {
            if (value is TrainingStep { Step.Step: var done } && done == step)
                cancel.Cancel();
        }
    }
}
