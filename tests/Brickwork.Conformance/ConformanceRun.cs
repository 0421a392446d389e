namespace Brickwork.Conformance;

/// <summary>The outputs of our engine for one case: a row for each prompt token, then for each token of the continuation.</summary>
static class ConformanceRun
{
    public static Outputs Run(ConformanceCase item, Precision precision, InstructionSet path)
    {
        using var model = LanguageModel.Load(item.ModelPath, new LoadOptions { Precision = precision, InstructionSet = path, Threads = 2 });
        using var runner = model.CreateRunner(new RunnerOptions
        {
            CacheType = CacheType.F32,
            Output = item.IsEmbedding ? RunnerOutput.Hidden : RunnerOutput.Logits,
        });
        using var sequence = runner.StartSequence();
        var rows = new List<float[]>();
        Feed(runner, sequence, item.Prompt, rows);
        foreach (var token in item.Continuation)
            Feed(runner, sequence, [token], rows);
        return new Outputs(rows, model.Config.Pooling);
    }

    static void Feed(ModelRunner runner, Sequence sequence, int[] tokens, List<float[]> rows)
    {
        var output = runner.Forward(new Batch().Add(sequence, tokens, LogitRows.All));
        for (var row = 0; row < output.Rows; row++)
            rows.Add(output.Row(row).ToArray());
    }

    /// <param name="Rows">One for each token fed.</param>
    /// <param name="Pooling">How the model pools them.</param>
    public sealed record Outputs(List<float[]> Rows, Pooling Pooling)
    {
        /// <summary>The largest distance from the reference, and where.</summary>
        public (float Distance, string Place) DistanceFrom(ConformanceCase item)
        {
            var expected = item.Exact();
            var worst = (Distance: 0f, Place: "nowhere");
            for (var index = 0; index < item.Rows.Length; index++)
                for (var column = 0; column < item.Width; column++)
                {
                    var distance = Math.Abs(Rows[item.Rows[index]][column] - expected[index * item.Width + column]);
                    if (!(distance <= worst.Distance))
                        worst = (distance, $"row {item.Rows[index]}, column {column}");
                }
            return worst;
        }

        /// <summary>Mean of −ln p(token | tokens before) over the prompt.</summary>
        public double NllOf(int[] prompt)
        {
            var sum = 0.0;
            for (var position = 1; position < prompt.Length; position++)
            {
                var logits = Rows[position - 1];
                var largest = logits.Max();
                sum += Math.Log(logits.Sum(logit => Math.Exp(logit - largest))) + largest - logits[prompt[position]];
            }
            return sum / (prompt.Length - 1);
        }
    }
}
