using Brickwork.TestKit;

namespace Brickwork.Models.Tests.HuggingFace;

/// <summary>Tiny models of every family, those of the conformance suite.</summary>
static class PicoFamilies
{
    /// <summary>The path of a model; skips the test where it is not on this machine.</summary>
    public static string Require(string id)
    {
        var file = id + ".gguf";
        var inRepository = SharedData.InRepository("tests", "Brickwork.Conformance", "Data", file);
        return File.Exists(inRepository) ? inRepository : SharedData.Require("data", "conformance", file);
    }

    /// <summary>What a model gives for a few tokens: logits, or hidden values where it has no head. [T, V], row after row.</summary>
    public static float[] Outputs(string path, int[]? tokens = null)
    {
        using var model = LanguageModel.Load(path, new LoadOptions { Precision = Precision.Exact, Threads = 1 });
        using var runner = model.CreateRunner(new RunnerOptions { CacheType = CacheType.F32 });
        using var sequence = runner.StartSequence();
        var output = runner.Forward(new Batch().Add(sequence, tokens ?? [.. Enumerable.Range(0, 24).Select(index => 3 + index * 37 % 500)], LogitRows.All));
        return [.. Enumerable.Range(0, output.Rows).SelectMany(row => output.Row(row).ToArray())];
    }
}
