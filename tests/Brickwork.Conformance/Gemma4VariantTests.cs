using System.Globalization;
using Brickwork.TestKit;

namespace Brickwork.Conformance;

/// <summary>What of Gemma 4 no conformance case holds: experts beside the dense part, borrowed keys and values, values from the keys' projection.</summary>
public class Gemma4VariantTests
{
    /// <summary>Longer than the window, and no router in it is so undecided that halves for keys would change its choice.</summary>
    static readonly int[] Text = [5, 17, 33, 101, 250, 9, 77, 300];

    [Fact]
    public void Experts_and_borrowed_keys_give_the_logits_of_llama_cpp()
    {
        using var model = LanguageModel.From(PicoGemma4.Checkpoint(), new LoadOptions { Precision = Precision.Exact, Threads = 2 });
        using var runner = model.CreateRunner();
        using var sequence = runner.StartSequence();

        var logits = runner.Forward(new Batch().Add(sequence, Text)).Row(0);

        var lines = File.ReadAllLines(SharedData.InRepository("tests", "Brickwork.Conformance", "Data", "gemma4-variant.logits.txt"));
        lines.Length.ShouldBe(logits.Length);
        foreach (var line in lines)
        {
            var id = int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
            var expected = float.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            // The peer keeps keys and values as halves and takes GELU from a table of halves; see Data/SOURCE.md.
            logits[id].ShouldBe(expected, 0.02f, $"token {id}");
        }
    }

    [Fact]
    public void Borrowed_keys_are_the_same_bits_in_steps_and_at_once()
    {
        using var model = LanguageModel.From(PicoGemma4.Checkpoint(), new LoadOptions { Threads = 2 });
        using var runner = model.CreateRunner();
        using var whole = runner.StartSequence();
        using var stepwise = runner.StartSequence();

        var expected = runner.Forward(new Batch().Add(whole, Text)).Row(0).ToArray();
        foreach (var token in Text[..^1])
            runner.Forward(new Batch().Add(stepwise, [token], LogitRows.None));
        var found = runner.Forward(new Batch().Add(stepwise, Text.AsSpan(^1..))).Row(0).ToArray();

        found.ShouldBe(expected);
    }
}
