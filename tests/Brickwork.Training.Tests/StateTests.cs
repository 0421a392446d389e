using Brickwork.TestKit;
using Brickwork.Training.State;

namespace Brickwork.Training.Tests;

public sealed class StateTests
{
    [Fact]
    public void What_is_saved_is_read_back_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var state = Some(12);
        var path = folder.File("a.gguf");

        state.Save(path);
        var read = TrainingState.Open(path, out var files);
        using (files)
        {
            read.StepsDone.ShouldBe(12);
            read.DataKey.ShouldBe("texts");
            read.Plan.ShouldBe(state.Plan);
            foreach (var (tensor, expected) in read.Tensors.Zip(state.Tensors))
            {
                tensor.Key.ShouldBe(expected.Key);
                tensor.Value.Floats.SequenceEqual(expected.Value.Floats).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void A_changed_byte_anywhere_is_noticed_or_harmless()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.gguf");
        Some(12).Save(path);
        var sound = File.ReadAllBytes(path);
        var random = new SeededRandom(4);
        var noticed = 0;
        for (var trial = 0; trial < 300; trial++)
        {
            var bytes = (byte[])sound.Clone();
            bytes[random.NextInt32(bytes.Length)] ^= (byte)(1 << random.NextInt32(8));
            File.WriteAllBytes(path, bytes);
            try
            {
                var read = TrainingState.Open(path, out var files);
                using (files)
                    read.Tensors.Zip(Some(12).Tensors).All(pair => pair.First.Value.Floats.SequenceEqual(pair.Second.Value.Floats)).ShouldBeTrue();
            }
            catch (BrickworkException)
            {
                noticed++;
            }
        }

        // What is not noticed is padding between tensors.
        noticed.ShouldBeGreaterThan(250);
    }

    [Fact]
    public void Only_the_newest_checkpoints_are_kept()
    {
        using var folder = new TemporaryFolder();
        var states = new StateFolder(folder.Path);

        foreach (var step in (long[])[5, 10, 15, 100])
            states.Save(Some(step), keep: 2);

        states.Files().ShouldBe([states.PathOf(100), states.PathOf(15)]);
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_with_a_message()
    {
        using var folder = new TemporaryFolder();
        var states = new StateFolder(folder.Path);
        states.Save(Some(5), keep: 2);
        var newest = states.Save(Some(10), keep: 2);
        var bytes = File.ReadAllBytes(newest);
        bytes[^1000] ^= 1;
        File.WriteAllBytes(newest, bytes);
        List<string> warnings = [];

        var state = states.OpenNewest(warnings.Add, out var files);

        files.Dispose();
        state.StepsDone.ShouldBe(5);
        warnings.Single().ShouldContain("is damaged");
        warnings.Single().ShouldContain(states.PathOf(5));
    }

    [Fact]
    public void Where_no_checkpoint_is_sound_the_fault_is_named()
    {
        using var folder = new TemporaryFolder();
        var states = new StateFolder(folder.Path);
        File.WriteAllText(states.Save(Some(5), keep: 2), "GGUF");

        Should.Throw<CheckpointException>(() => states.OpenNewest(_ => { }, out _)).Message.ShouldContain("No checkpoint");
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_removed()
    {
        using var folder = new TemporaryFolder();
        var states = new StateFolder(folder.Path);
        var whole = states.Save(Some(5), keep: 2);
        File.WriteAllText(whole + ".abc.partial", "half");

        states.RemoveUnfinished();

        Directory.GetFiles(Path.GetDirectoryName(whole)!).ShouldBe([whole]);
    }

    static TrainingState Some(long stepsDone)
    {
        var random = new SeededRandom(stepsDone);
        Tensor Normal(params long[] dimensions)
        {
            var tensor = Tensor.Zeros(dimensions);
            foreach (ref var value in tensor.Floats)
                value = (float)random.NextGaussian();
            return tensor;
        }
        return new TrainingState
        {
            StepsDone = stepsDone,
            Plan = [new("steps", "100"), new("optimizer", "AdamW")],
            DataKey = "texts",
            Tensors = [new("weights/a", Normal(7, 33)), new("optimizer/a.m", Normal(7, 33)), new("weights/b", Normal(5))],
        };
    }
}
