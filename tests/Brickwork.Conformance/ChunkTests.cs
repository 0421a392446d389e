using System.Runtime.InteropServices;

namespace Brickwork.Conformance;

/// <summary>However a text is cut and whatever runs beside it, the model says the same, bit for bit.</summary>
public class ChunkTests
{
    public static TheoryData<string, Precision> EveryCase()
    {
        var data = new TheoryData<string, Precision>();
        foreach (var item in ConformanceSet.All)
        {
            data.Add(item.Id, Precision.Exact);
            data.Add(item.Id, Precision.Fast);
        }
        return data;
    }

    [SkippableTheory, MemberData(nameof(EveryCase))]
    public void Chunks_and_single_steps_give_the_same_bits(string id, Precision precision)
    {
        var item = ConformanceSet.Find(id);
        using var model = LanguageModel.Load(item.ModelPath, new LoadOptions { Precision = precision, Threads = 2 });
        // Three times the prompt needs a second page of keys and values, where the model's context has room for it.
        int[] text = [.. Enumerable.Repeat(item.Prompt, 3).SelectMany(prompt => prompt).Take(model.Config.Context)];

        var whole = Run(model, text, chunkRows: 512, tokensAtOnce: text.Length);

        // A model that looks ahead sees another text where tokens are missing.
        if (!model.Decoder.States.LooksAhead)
        {
            ShouldBeSame(Run(model, text, chunkRows: 512, tokensAtOnce: 1), whole, "token by token");
            ShouldBeSame(Run(model, text, chunkRows: 512, tokensAtOnce: 5), whole, "five tokens at a time");
        }
        ShouldBeSame(Run(model, text, chunkRows: 5, tokensAtOnce: text.Length), whole, "in chunks of five");
        ShouldBeSame(RunBesideOthers(model, text), whole, "in a batch with other texts");
    }

    static List<float[]> Run(LanguageModel model, int[] text, int chunkRows, int tokensAtOnce)
    {
        using var runner = model.CreateRunner(new RunnerOptions { ChunkRows = chunkRows });
        using var sequence = runner.StartSequence();
        var rows = new List<float[]>();
        foreach (var tokens in text.Chunk(tokensAtOnce))
            Add(runner.Forward(new Batch().Add(sequence, tokens, LogitRows.All)), 0, tokens.Length, rows);
        return rows;
    }

    /// <summary>Ragged batches, several in a row, so that what a sequence remembers is put to the test too.</summary>
    static List<float[]> RunBesideOthers(LanguageModel model, int[] text)
    {
        using var runner = model.CreateRunner();
        using var before = runner.StartSequence();
        using var sequence = runner.StartSequence();
        using var after = runner.StartSequence();
        int[] other = [.. text.Reverse()];
        var rows = new List<float[]>();
        var cut = model.Decoder.States.LooksAhead ? text.Length : 7;
        for (var fed = 0; fed < text.Length; fed += cut)
        {
            var tokens = text.AsSpan(fed, Math.Min(cut, text.Length - fed));
            var longer = other.AsSpan(fed, Math.Min(tokens.Length, other.Length - fed));
            var batch = new Batch().Add(before, longer, LogitRows.All).Add(sequence, tokens, LogitRows.All).Add(after, other.AsSpan(fed, 1));
            Add(runner.Forward(batch), longer.Length, tokens.Length, rows);
        }
        return rows;
    }

    static void Add(Tensor output, int first, int count, List<float[]> rows)
    {
        for (var row = first; row < first + count; row++)
            rows.Add(output.Row(row).ToArray());
    }

    static void ShouldBeSame(List<float[]> found, List<float[]> expected, string how)
    {
        for (var row = 0; row < expected.Count; row++)
        {
            var same = MemoryMarshal.AsBytes<float>(found[row]).SequenceEqual(MemoryMarshal.AsBytes<float>(expected[row]));
            same.ShouldBeTrue($"{how}, row {row}: off by {found[row].Zip(expected[row], (a, b) => Math.Abs(a - b)).Max()}");
        }
    }
}
