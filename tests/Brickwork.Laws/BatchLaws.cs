namespace Brickwork.Laws;

public class BatchLaws
{
    const int Steps = 5;

    [SkippableTheory, MemberData(nameof(EveryModel.All), MemberType = typeof(EveryModel))]
    public void A_sequence_decodes_to_the_same_tokens_alone_and_in_any_batch(string name)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 2 });
        foreach (var cache in name.StartsWith("pico", StringComparison.Ordinal) ? Enum.GetValues<CacheType>() : [CacheType.F16])
        {
            var options = new RunnerOptions { CacheType = cache, ChunkRows = 16 };
            int[][] prompts = [Rows.Tokens(model, 1), Rows.Tokens(model, 3, seed: 1), Rows.Tokens(model, 9, seed: 2), Rows.Tokens(model, 33, seed: 3)];
            var steps = model.Decoder.Head is null ? 0 : Steps;

            var together = new RaggedRun(model, options, prompts, steps).Run();

            for (var text = 0; text < prompts.Length; text++)
                together[text].ShouldHaveTheBitsOf(Alone(model, options, prompts[text], steps), $"{cache}, text {text}");
        }
    }

    static List<float[]> Alone(LanguageModel model, RunnerOptions options, int[] prompt, int steps)
    {
        using var runner = model.CreateRunner(options);
        using var sequence = runner.StartSequence();
        var rows = Rows.Feed(runner, sequence, prompt);
        rows.AddRange(Rows.Continue(runner, sequence, rows[^1], steps));
        return rows;
    }

    /// <summary>Text number n joins in round n, leaves when it has made its steps, and stands at another place of the batch in each round.</summary>
    sealed class RaggedRun(LanguageModel model, RunnerOptions options, int[][] prompts, int steps)
    {
        readonly List<float[]>[] _rows = [.. prompts.Select(_ => new List<float[]>())];

        public List<float[]>[] Run()
        {
            using var runner = model.CreateRunner(options);
            var sequences = prompts.Select(_ => runner.StartSequence()).ToArray();
            for (var round = 0; round < prompts.Length + steps; round++)
                RunRound(runner, sequences, round);
            foreach (var sequence in sequences)
                sequence.Dispose();
            return _rows;
        }

        void RunRound(ModelRunner runner, Sequence[] sequences, int round)
        {
            int[] present = [.. Enumerable.Range(0, prompts.Length).Where(text => text <= round && round <= text + steps)];
            int[] order = [.. present.Skip(round % present.Length), .. present.Take(round % present.Length)];
            var batch = new Batch();
            foreach (var text in order)
                batch.Add(sequences[text], text == round ? prompts[text] : [Rows.Largest(_rows[text][^1])], LogitRows.All);
            var output = runner.Forward(batch);
            var next = 0;
            foreach (var text in order)
                for (var row = text == round ? prompts[text].Length : 1; row > 0; row--)
                    _rows[text].Add(output.Row(next++).ToArray());
        }
    }
}
