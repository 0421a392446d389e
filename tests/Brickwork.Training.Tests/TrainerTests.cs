using Brickwork.TestKit;

namespace Brickwork.Training.Tests;

public sealed class TrainerTests
{
    [Fact]
    public void Training_makes_the_loss_smaller_and_saves_a_model_that_loads()
    {
        using var folder = new TemporaryFolder();
        var events = new Events();

        var result = new Trainer(Plan(folder), Options(folder)).Run(events);

        result.IsComplete.ShouldBeTrue();
        var losses = events.Of<TrainingStep>().Select(step => step.Step.Loss).ToList();
        losses.Count.ShouldBe(12);
        losses[^1].ShouldBeLessThan(losses[0] - 0.1);
        events.Of<TrainingEvaluation>().Count.ShouldBe(3);
        events.Of<TrainingEvaluation>()[^1].Evaluation.BitsPerByte.ShouldBeLessThan(events.Of<TrainingEvaluation>()[0].Evaluation.BitsPerByte);
        events.Of<TrainingSample>().ShouldNotBeEmpty();
        File.ReadAllLines(folder.File("out", "metrics.jsonl"))[^1].ShouldBe(result.LastMetrics);
        using var model = LanguageModel.Load(result.Model);
        model.Tokenizer.VocabularySize.ShouldBe(512);
    }

    [Fact]
    public void A_training_that_is_stopped_and_resumed_ends_with_the_same_bits()
    {
        using var through = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        var plan = (TemporaryFolder folder) => Plan(folder) with { AverageDecay = 0.9f, Batch = new BatchPlan { Sequences = 4, Length = 32, MicroSequences = 2 } };
        var whole = new Trainer(plan(through), Options(through)).Run();

        foreach (var last in (int[])[1, 5, 6])
        {
            using var cancel = new CancellationTokenSource();
            var events = new Events(seen =>
            {
                if (seen is TrainingStep { Step.Step: var step } && step == last)
                    cancel.Cancel();
            });
            var partial = new Trainer(plan(stopped), Options(stopped) with { Existing = ExistingTraining.Resume }).Run(events, cancel.Token);
            (partial.IsComplete, partial.StepsDone).ShouldBe((false, last));
            using var unfinished = LanguageModel.Load(partial.Model);
        }
        var resumed = new Trainer(plan(stopped), Options(stopped) with { Existing = ExistingTraining.Resume, Threads = 1 }).Run();

        File.ReadAllBytes(resumed.Model!).ShouldBe(File.ReadAllBytes(whole.Model!));
        File.ReadAllBytes(resumed.Checkpoint).ShouldBe(File.ReadAllBytes(whole.Checkpoint));
        Losses(stopped).ShouldBe(Losses(through));
    }

    [Fact]
    public void A_tokenizer_is_learnt_where_the_plan_names_none()
    {
        using var folder = new TemporaryFolder();
        var plan = Plan(folder) with { Tokenizer = null, NewTokenizer = new BpeTrainingOptions { VocabularySize = 270 }, Steps = 2 };

        var result = new Trainer(plan, Options(folder)).Run();

        using var model = LanguageModel.Load(result.Model);
        model.Tokenizer.VocabularySize.ShouldBe(270);
        model.Tokenizer.Encode("the cat", EncodeOptions.None).Length.ShouldBeLessThan(6);
    }

    [Fact]
    public void A_folder_with_a_training_is_not_overwritten_unless_asked()
    {
        using var folder = new TemporaryFolder();
        new Trainer(Plan(folder), Options(folder)).Run();

        Should.Throw<RecipeException>(() => new Trainer(Plan(folder), Options(folder)).Run()).Message.ShouldContain("holds a training already");
        new Trainer(Plan(folder), Options(folder) with { Existing = ExistingTraining.Replace }).Run().IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Another_plan_does_not_resume_unless_asked()
    {
        using var folder = new TemporaryFolder();
        new Trainer(Plan(folder), Options(folder)).Run();
        var other = Plan(folder) with { Steps = 14, Seed = 9 };

        var fault = Should.Throw<RecipeException>(() => new Trainer(other, Options(folder) with { Existing = ExistingTraining.Resume }).Run());
        fault.Message.ShouldContain("'steps' was 12 and is 14");
        fault.Message.ShouldContain("'seed' was 1 and is 9");
        List<string> warnings = [];
        var result = new Trainer(Plan(folder) with { Steps = 14 }, Options(folder) with { Existing = ExistingTraining.ResumeChanged, Warn = warnings.Add }).Run();

        result.StepsDone.ShouldBe(14);
        warnings.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_domain_of_which_a_handful_of_many_texts_is_held_out_is_named()
    {
        using var folder = new TemporaryFolder();
        List<string> warnings = [];
        var plan = Plan(folder) with { Steps = 1, HeldOut = 0.06 };
        var text = folder.Write("many.txt", string.Join('\n', Enumerable.Range(0, 150).Select(number => $"the cat sat on mat {number}")));
        plan = plan with { Data = [.. plan.Data.Select(domain => domain with { Source = CorpusSource.From(text) with { Boundary = DocumentBoundary.Line } })] };

        new Trainer(plan, Options(folder) with { Warn = warnings.Add }).Run();
        new Trainer(plan with { HeldOut = 0.25 }, Options(folder) with { Existing = ExistingTraining.Replace, Warn = warnings.Add }).Run();

        warnings.ShouldHaveSingleItem().ShouldContain("of the 150 documents of 'many' are held out");
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_and_names_the_last_good_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var plan = Plan(folder) with { ClipNorm = null, Schedule = new ConstantSchedule { Rate = 50 }, Optimizer = new LionOptions(), Steps = 200, Checkpoints = new CheckpointPlan { Every = 1 } };

        var fault = Should.Throw<TrainingStoppedException>(() => new Trainer(plan, Options(folder)).Run());

        fault.Message.ShouldContain("The last good checkpoint is");
        var named = fault.Message[fault.Message.LastIndexOf(folder.Path, StringComparison.Ordinal)..].TrimEnd('.');
        File.Exists(named).ShouldBeTrue();
    }

    [Fact]
    public void A_file_that_cannot_be_written_stops_and_names_the_last_good_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var events = new Events(seen =>
        {
            // A folder in the place of the next checkpoint is as much in the way as a full disk.
            if (seen is TrainingStep { Step.Step: 6 })
                Directory.CreateDirectory(folder.File("out", "checkpoints", "checkpoint-000000008.gguf"));
        });

        var fault = Should.Throw<TrainingStoppedException>(() => new Trainer(Plan(folder), Options(folder)).Run(events));

        fault.Message.ShouldContain("The last good checkpoint is " + folder.File("out", "checkpoints", "checkpoint-000000004.gguf"));
    }

    [Fact]
    public void A_training_too_large_for_memory_is_refused_with_the_estimate()
    {
        using var folder = new TemporaryFolder();

        var fault = Should.Throw<MemoryLimitException>(() => new Trainer(Plan(folder), Options(folder) with { MemoryBytes = 1_000_000 }).Run());

        fault.Message.ShouldContain("takes about");
        File.Exists(folder.File("out", "start.gguf")).ShouldBeFalse();
    }

    [Theory, InlineData(DistillationKind.ForwardKl), InlineData(DistillationKind.ReverseKl)]
    public void A_student_comes_nearer_to_its_teacher(DistillationKind kind)
    {
        using var folder = new TemporaryFolder();
        var plan = Plan(folder) with { Objective = new DistillationObjective { Teacher = "stories260k", Kind = kind, TextShare = 0, Temperature = 1 }, Samples = new SamplePlan { Tokens = 0 } };
        var events = new Events();

        new Trainer(plan, Options(folder)).Run(events);

        var losses = events.Of<TrainingStep>().Select(step => step.Step.Loss).ToList();
        losses[0].ShouldBeGreaterThan(1);
        losses[^1].ShouldBeLessThan(losses[0] * 0.9);
    }

    [Fact]
    public void A_teacher_that_is_the_student_has_nothing_to_teach()
    {
        using var folder = new TemporaryFolder();
        var plan = TrainingPlan.ForText(Text(folder)) with
        {
            Model = "stories260k", Steps = 1, Batch = new BatchPlan { Sequences = 2, Length = 32 }, Samples = new SamplePlan { Tokens = 0 },
            Objective = new DistillationObjective { Teacher = "stories260k", TextShare = 0 },
        };
        var events = new Events();

        new Trainer(plan, Options(folder)).Run(events);

        events.Of<TrainingStep>()[0].Step.Loss.ShouldBe(0, 1e-4);
    }

    [Fact]
    public void A_teacher_of_another_vocabulary_is_refused()
    {
        using var folder = new TemporaryFolder();
        var plan = Plan(folder) with { Tokenizer = null, NewTokenizer = new BpeTrainingOptions { VocabularySize = 270 }, Objective = new DistillationObjective { Teacher = "stories260k" } };

        Should.Throw<UnsupportedModelException>(() => new Trainer(plan, Options(folder)).Run()).Message.ShouldContain("another vocabulary");
    }

    [Fact]
    public void Every_optimizer_of_a_plan_trains()
    {
        foreach (var optimizer in (OptimizerOptions[])[new MuonOptions(), new LionOptions(), new GaLoreOptions { Rank = 4 }, new MezoOptions(), new AdamWOptions { MomentType = DType.BF16 }])
        {
            using var folder = new TemporaryFolder();
            var plan = Plan(folder) with { Optimizer = optimizer, Schedule = new ConstantSchedule { Rate = 1e-4f }, Steps = 3, Checkpoints = new CheckpointPlan { Every = 2 } };
            var result = new Trainer(plan, Options(folder)).Run();
            result.IsComplete.ShouldBeTrue();
            var whole = File.ReadAllBytes(result.Checkpoint);
            File.Delete(result.Checkpoint);
            new Trainer(plan, Options(folder) with { Existing = ExistingTraining.Resume }).Run();
            File.ReadAllBytes(result.Checkpoint).ShouldBe(whole);
        }
    }

    [Fact]
    public void A_model_that_exists_is_fine_tuned_without_a_plan()
    {
        using var folder = new TemporaryFolder();
        var plan = TrainingPlan.ForText(Text(folder)) with { Steps = 3, Batch = new BatchPlan { Sequences = 2, Length = 32 }, Samples = new SamplePlan { Tokens = 4 } };

        plan.HeldOut.ShouldBe(0);
        var events = new Events();

        var result = new Trainer(plan with { Model = "stories260k" }, Options(folder)).Run(events);

        using var model = LanguageModel.Load(result.Model);
        model.Config.Parameters.ShouldBe(260_032);
        events.Of<TrainingSample>().ShouldNotBeEmpty();
    }

    static double[] Losses(TemporaryFolder folder) => [.. File.ReadLines(folder.File("out", "metrics.jsonl"))
        .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("kind").GetString() == "step").Select(line => line.GetProperty("loss").GetDouble())];

    static TrainingPlan Plan(TemporaryFolder folder) => new()
    {
        Name = "tiny",
        New = new NewLlama { Width = 32, Layers = 2, Heads = 2, FeedForward = 64, Context = 64 },
        Tokenizer = "stories260k",
        Data = [new DomainPlan { Source = CorpusSource.From(Text(folder)) with { Boundary = DocumentBoundary.Line } }],
        HeldOut = 0.2,
        Steps = 12,
        Batch = new BatchPlan { Sequences = 4, Length = 32 },
        Schedule = new ConstantSchedule { Rate = 0.01f },
        Evaluation = new EvaluationPlan { Every = 5, TokensPerDomain = 200 },
        Samples = new SamplePlan { Every = 6, Tokens = 4 },
        Checkpoints = new CheckpointPlan { Every = 4 },
        Seed = 1,
    };

    static TrainerOptions Options(TemporaryFolder folder) => new() { Folder = folder.File("out"), Threads = 2 };

    static string Text(TemporaryFolder folder)
    {
        var random = new SeededRandom(3);
        string[] words = ["the", "cat", "dog", "sat", "ran", "and", "on", "a", "mat", "red"];
        var lines = Enumerable.Range(0, 60).Select(_ => string.Join(' ', Enumerable.Range(0, 12).Select(_ => words[random.NextInt32(words.Length)])));
        return folder.Write("text.txt", string.Join('\n', lines));
    }

    sealed class Events(Action<TrainingEvent>? also = null) : IProgress<TrainingEvent>
    {
        readonly List<TrainingEvent> _seen = [];

        public List<T> Of<T>() where T : TrainingEvent => [.. _seen.OfType<T>()];

        public void Report(TrainingEvent value)
        {
            _seen.Add(value);
            also?.Invoke(value);
        }
    }
}
