using System.Diagnostics;
using Brickwork.TestKit;
using Xunit.Abstractions;

namespace Brickwork.Tokenizers.Tests;

/// <summary>Measures only when asked to, by BRICKWORK_TOKENIZER_SPEED=1: a number from a busy machine says nothing.</summary>
public class SpeedTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("gpt-2")]
    [InlineData("phi-3")]
    [InlineData("bert-bge")]
    public void A_megabyte_takes_less_than_a_second(string name)
    {
        Skip.If(Environment.GetEnvironmentVariable("BRICKWORK_TOKENIZER_SPEED") is null, "BRICKWORK_TOKENIZER_SPEED is not set");
        var definition = Vectors.Definition(SharedData.Require("data", "tokenizer-vectors", $"ggml-vocab-{name}.gguf"));
        var text = string.Concat(Enumerable.Repeat(File.ReadAllText(SharedData.Require("data", "tokenizer-vectors", "botchan.txt")), 4));
        var building = Stopwatch.StartNew();
        var tokenizer = Tokenizer.Create(definition);
        building.Stop();
        for (var round = 0; round < 4; round++)
        {
            var (watch, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var count = tokenizer.Encode(text, EncodeOptions.None).Length;
            output.WriteLine($"{name}: built in {building.ElapsedMilliseconds} ms; round {round}: {text.Length / 1e6 / watch.Elapsed.TotalSeconds:F2} MB/s ({text.Length / 1e6 / (Environment.CpuUsage.TotalTime - busy).TotalSeconds:F2} by processor time), {count} tokens");
        }
    }
}
