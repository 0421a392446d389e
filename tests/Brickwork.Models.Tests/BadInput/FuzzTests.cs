using System.Diagnostics;
using Brickwork.TestKit;

namespace Brickwork.Models.Tests.BadInput;

/// <summary>Damaged models of all families, loaded and run for three tokens. Seeded, so that a failure comes again.</summary>
/// <remarks>Parsers are fuzzed more deeply by the tests of the formats; here it is what a sound file says that is wrong.</remarks>
public class FuzzTests
{
    const int Rounds = 1600;
    const long MostBytes = 200 << 20;

    static readonly TimeSpan Box = TimeSpan.FromSeconds(12);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    static readonly LoadOptions OneThread = new() { Threads = 1 };

    [Fact]
    public void A_model_whose_file_is_damaged_runs_or_is_refused()
    {
        byte[][] files = [.. PicoFiles(), .. RealFiles().Select(File.ReadAllBytes)];
        Fuzz((round, random) => GgufCheckpoint.Read(Mutation.Of(files[round % files.Length], random), "fuzz.gguf"));
    }

    [Fact]
    public void A_model_that_lies_about_itself_runs_or_is_refused()
    {
        Checkpoint[] checkpoints = [.. PicoCheckpoints(), .. RealFiles().Select(path => CheckpointFile.Open(path))];
        Fuzz((round, random) => CheckpointMutation.Of(checkpoints[round % checkpoints.Length], random));
        foreach (var checkpoint in checkpoints)
            checkpoint.Dispose();
    }

    static void Fuzz(Func<int, Random, Checkpoint> damaged)
    {
        var watch = Stopwatch.StartNew();
        var (ran, rounds) = (0, 0);
        for (; rounds < Rounds && watch.Elapsed < Box; rounds++)
            ran += Runs(rounds, damaged) ? 1 : 0;
        // Damage that is always noticed at once would test little; damage that never is, less.
        ran.ShouldBeInRange(rounds / 50, rounds * 49 / 50);
    }

    static bool Runs(int round, Func<int, Random, Checkpoint> damaged)
    {
        var (allocated, watch) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        try
        {
            using var checkpoint = damaged(round, new Random(20260700 + round));
            using var model = LanguageModel.From(checkpoint, OneThread);
            using var runner = model.CreateRunner(new RunnerOptions { Context = Math.Min(model.Config.Context, 64) });
            using var sequence = runner.StartSequence();
            runner.Forward(new Batch().Add(sequence, [0, model.Config.Vocabulary - 1, model.Config.Vocabulary / 2]));
            return true;
        }
        catch (BrickworkException fault)
        {
            fault.NextStep.ShouldNotBeEmpty();
            return false;
        }
        catch (Exception other) when (other is not ShouldAssertException)
        {
            throw new InvalidOperationException($"Round {round}: {other.GetType().Name} is no fault that a user can act on.", other);
        }
        finally
        {
            (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(MostBytes, $"round {round}");
            watch.Elapsed.ShouldBeLessThan(Longest, $"round {round}");
        }
    }

    static IEnumerable<MemoryCheckpoint> PicoCheckpoints() =>
    [
        PicoModel.LlamaCheckpoint(), PicoModel.LlamaCheckpoint(type: DType.Q4_0), PicoModel.MixtureCheckpoint(), PicoModel.MixtureCheckpoint(type: DType.Q8_0),
        PicoModel.WindowedCheckpoint(type: DType.F16),
    ];

    static IEnumerable<byte[]> PicoFiles()
    {
        using var folder = new TemporaryFolder();
        foreach (var (checkpoint, index) in PicoCheckpoints().Select((checkpoint, index) => (checkpoint, index)))
        {
            PicoModel.Save(checkpoint, folder.File($"{index}.gguf"));
            yield return File.ReadAllBytes(folder.File($"{index}.gguf"));
        }
    }

    static IEnumerable<string> RealFiles() =>
        Directory.EnumerateFiles(SharedData.InRepository("tests", "Brickwork.Conformance", "Data"), "*.gguf").Order(StringComparer.Ordinal);
}
