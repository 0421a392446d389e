using Brickwork.TestKit;
using Brickwork.Training.Plans;

namespace Brickwork.Training.Tests;

/// <summary>A training is done again from the log of what it made, to the same bytes, whatever its texts are called by then.</summary>
public sealed class ReplayTests : IDisposable
{
    const string Plan = """
        name: tiny
        new: { width: 32, layers: 1, heads: 2, feedForward: 64, context: 32 }
        tokenizer: stories260k
        data: [{ path: cats.txt, boundary: line, domain: animals }, { path: more, boundary: line }]
        heldOut: 0.1
        steps: 12
        batch: { sequences: 4, length: 32 }
        samples: { tokens: 0 }
        output: bf16
        seed: 5
        """;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_trained_by_a_plan_is_trained_again()
    {
        Again(Train(TrainingPlan.Open(WritePlan())), "again.gguf").IsSame.ShouldBe(true);
    }

    [Fact]
    public void A_training_that_was_stopped_is_stopped_at_the_same_step()
    {
        using var stop = new CancellationTokenSource();
        var plan = TrainingPlan.Open(WritePlan());
        var stopped = new Trainer(plan, Options()).Run(new StopAt(5, stop), stop.Token);
        stopped.IsComplete.ShouldBeFalse();

        Again(stopped.Model, "again.gguf").IsSame.ShouldBe(true);
    }

    [Fact]
    public void A_model_that_was_fine_tuned_on_a_text_is_fine_tuned_again()
    {
        var text = WriteText("cats.txt");

        Again(Train(TrainingPlan.ForText(text) with { Model = "stories260k", Steps = 2, Seed = 3 }), "again.gguf").IsSame.ShouldBe(true);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void A_model_that_was_fine_tuned_on_a_folder_is_fine_tuned_again(bool hasManyTexts)
    {
        WriteText(Path.Combine("animals", "cats.txt"));
        if (hasManyTexts)
        {
            WriteText(Path.Combine("animals", "small", "mice.txt"));
            WriteText(Path.Combine("animals", "small", "moles.txt"));
            WriteText(Path.Combine("animals", "dogs.txt"));
        }
        // What is not read is not asked for either.
        _folder.Write(Path.Combine("animals", ".notes"), "nothing");
        var trained = Train(TrainingPlan.ForText(_folder.File("animals")) with { Model = "stories260k", Steps = 2, Seed = 3 });
        File.Delete(_folder.File("animals", ".notes"));

        Again(trained, "again.gguf").IsSame.ShouldBe(true);
    }

    [Theory]
    [InlineData("stepsDone", "1"), InlineData("steps", "1"), InlineData("schedule.rate", "0.001"), InlineData("heldOut", "0.4")]
    public void Another_argument_gives_other_bytes(string argument, string value)
    {
        WriteText(Path.Combine("animals", "cats.txt"), 1000);
        WriteText(Path.Combine("animals", "dogs.txt"), 1000);
        var log = LogFile.Open(Train(TrainingPlan.ForText(_folder.File("animals")) with { Model = "stories260k", Steps = 2, Seed = 3 }));
        var last = log.Operations[^1];
        var arguments = new Dictionary<string, string>(last.Arguments);
        arguments.ShouldContainKey(argument);
        arguments[argument] = value;
        var changed = last with { Arguments = arguments, Output = log.Hash };

        Again(_folder.Write("changed.log", string.Join('\n', log.Operations.SkipLast(1).Append(changed))), "again.gguf").IsSame.ShouldBe(false);
    }

    [Fact]
    public void A_brick_is_trained_again()
    {
        var text = WriteText("cats.txt");
        var brick = new NewLora { Id = "cats", Targets = new("layers.*.attention.{query,value}"), Rank = 4, Alpha = 6, Scaling = LoraScaling.ByRootOfRank, Seed = 8 };
        var trained = Train(TrainingPlan.ForText(text, brick) with { Model = "stories260k", Steps = 2, OutputType = DType.F16 });

        Again(trained, "again.brick").IsSame.ShouldBe(true);
        Brick.Open(_folder.File("again.brick")).Id.ShouldBe("cats");
    }

    [Theory]
    [InlineData("ia3:inputs=**.down")]
    [InlineData("prompt:tokens=5")]
    public void Settings_that_only_some_kinds_have_are_found_in_the_log(string kind)
    {
        var text = WriteText("cats.txt");

        Again(Train(TrainingPlan.ForText(text, NewBrickReader.Parse(kind, "cats")) with { Model = "stories260k", Steps = 1 }), "again.brick").IsSame.ShouldBe(true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_signs_of_a_fine_tuning_are_found_again_with_it_and_without_it_refused(bool isPlanned)
    {
        var text = WriteText("cats.txt");
        var tuned = _folder.File("tuned.gguf");
        File.Move(Train(TrainingPlan.ForText(text) with { Model = "stories260k", Steps = 1 }), tuned);
        Directory.Delete(_folder.File("training"), recursive: true);
        // A plan that does not learn from the fine-tuned model reads it all the same.
        var plan = isPlanned
            ? TrainingPlan.Open(_folder.Write("plan.yml", "model: stories260k\nbrick: { kind: bitdelta, tuned: tuned.gguf }\ndata: [cats.txt]\nsteps: 1\nbatch: { sequences: 2, length: 32 }\nsamples: { tokens: 0 }"))
            : TrainingPlan.ForText(text, NewBrickReader.Parse($"bitdelta:tuned={tuned}", "cats")) with { Model = "stories260k", Steps = 1 };
        var trained = Train(plan);
        File.Move(tuned, _folder.File("training", "found.gguf"));

        Again(trained, "again.brick").IsSame.ShouldBe(true);
        File.Delete(_folder.File("training", "found.gguf"));
        Should.Throw<CheckpointException>(() => Again(trained, "more.brick")).Message.ShouldContain("tuned.gguf");
    }

    [Fact]
    public void A_training_by_a_program_that_no_plan_says_is_refused()
    {
        var text = WriteText("cats.txt");
        var trained = Train(TrainingPlan.ForText(text) with { Model = "stories260k", Steps = 1, ClipNorm = 0.5f });

        var fault = Should.Throw<UnsupportedModelException>(() => Again(trained, "again.gguf"));

        fault.Message.ShouldContain("'clipNorm'");
        File.Exists(_folder.File("again.gguf")).ShouldBeFalse();
        Directory.GetFileSystemEntries(_folder.Path, "*.partial").ShouldBeEmpty();
    }

    [Fact]
    public void A_text_that_is_missing_is_named()
    {
        var trained = Train(TrainingPlan.Open(WritePlan()));
        File.AppendAllText(_folder.File("cats.txt"), "x");

        Should.Throw<CheckpointException>(() => Trainer.Replay(trained, _folder.File("again.gguf"), new ReplayOptions { Places = [_folder.Path] }))
            .Message.ShouldContain("cats.txt");
    }

    ReplayReport Again(string trained, string output)
    {
        // Under other names, and beside what is of no use.
        var elsewhere = Directory.CreateDirectory(_folder.File("elsewhere")).FullName;
        foreach (var file in Directory.GetFiles(_folder.Path, "*.txt", SearchOption.AllDirectories))
            File.Move(file, Path.Combine(elsewhere, $"renamed-{Path.GetFileName(file)}"));
        return Trainer.Replay(trained, _folder.File(output), new ReplayOptions { Places = [elsewhere] });
    }

    string Train(TrainingPlan plan) => new Trainer(plan, Options()).Run().Model;

    TrainerOptions Options() => new() { Folder = _folder.File("training"), Threads = 1 };

    string WritePlan()
    {
        WriteText("cats.txt");
        WriteText(Path.Combine("more", "dogs.txt"));
        WriteText(Path.Combine("more", "mice.txt"));
        return _folder.Write("plan.yml", Plan);
    }

    string WriteText(string name, int lines = 60) =>
        _folder.Write(name, string.Concat(Enumerable.Range(0, lines).Select(line => $"Once upon a time there were {line} {Path.GetFileNameWithoutExtension(name)} in the garden.\n")));

    sealed class StopAt(long step, CancellationTokenSource stop) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value)
        {
            if (value is TrainingStep done && done.Step.Step == step)
                stop.Cancel();
        }
    }
}
