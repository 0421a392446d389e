using Brickwork.TestKit;
using Brickwork.Tensors.Optimizers;
namespace Brickwork.Tensors.Tests.Optimizers;

public sealed class OptimizerTests
{
    public static TheoryData<OptimizerOptions> Every => [new AdamWOptions(), new LionOptions(), new MuonOptions(), new GaLoreOptions { Rank = 8, RefreshEvery = 2, Scale = 1 },
        new AdamWOptions { MomentType = DType.BF16 }, new LionOptions { MomentType = DType.BF16 }, new MuonOptions { MomentType = DType.BF16 }];

    [Fact]
    public void AdamW_follows_its_formula_in_double()
    {
        var options = new AdamWOptions { WeightDecay = 0.1f, Beta2 = 0.99f };
        var parameters = SampleParameters.Some();
        using var compute = new Compute(2);
        var optimizer = Made(options, compute, parameters);
        var expected = parameters.ConvertAll(parameter => new AdamInDouble(parameter, options));

        for (var step = 0; step < 5; step++)
        {
            SampleParameters.NextGradients(parameters, 50 * step + 7);
            expected.ForEach(one => one.Step(step, 0.01, 0.5));
            optimizer.Advance(step, 0.01f, 0.5f);
        }

        foreach (var (parameter, one) in parameters.Zip(expected))
            ((ReadOnlySpan<float>)parameter.Value.Floats).ShouldBeClose(one.Weights, Tolerance.Within(2e-6, "five steps in F32"), parameter.Name);
    }

    [Fact]
    public void Lion_follows_its_formula_in_double()
    {
        var parameters = SampleParameters.Some();
        using var compute = new Compute(2);
        var optimizer = Made(new LionOptions { WeightDecay = 0.1f }, compute, parameters);
        var expected = parameters.ConvertAll(parameter => (Weights: parameter.Value.Floats.ToArray().Select(w => (double)w).ToArray(), Momentum: new double[parameter.Value.Shape.Count]));

        for (var step = 0; step < 5; step++)
        {
            SampleParameters.NextGradients(parameters, 50 * step + 7);
            foreach (var (parameter, (weights, momentum)) in parameters.Zip(expected))
                for (var i = 0; i < weights.Length; i++)
                {
                    var gradient = parameter.Gradient.Floats[i];
                    var decay = parameter.Value.Rows > 1 ? 0.1 : 0;
                    weights[i] = weights[i] * (1 - 0.01 * decay) - 0.01 * Math.Sign(0.9 * momentum[i] + 0.1 * gradient);
                    momentum[i] = 0.99 * momentum[i] + 0.01 * gradient;
                }
            optimizer.Advance(step, 0.01f);
        }

        foreach (var (parameter, (weights, _)) in parameters.Zip(expected))
            ((ReadOnlySpan<float>)parameter.Value.Floats).ShouldBeClose(
                [.. weights.Select(w => (float)w)], Tolerance.Within(2e-6, "five steps in F32"), parameter.Name);
    }

    [Fact]
    public void A_step_of_Muon_makes_matrices_move_along_a_nearly_orthogonal_direction()
    {
        var matrix = SampleParameters.Random("blk.0.ffn_up.weight", 3, 48, 20);
        var before = matrix.Value.Floats.ToArray();
        using var compute = new Compute(2);
        Made(new MuonOptions { WeightDecay = 0, StepSize = 1 }, compute, [matrix]).Advance(0, 1);

        // The step is √48 times a matrix whose singular values are near 1: its Gram matrix is near 48 · 1.
        var step = before.Zip(matrix.Value.Floats.ToArray(), (a, b) => (double)a - b).ToArray();
        for (var a = 0; a < 20; a++)
            for (var b = 0; b < 20; b++)
            {
                var sum = Enumerable.Range(0, 48).Sum(row => step[row * 20 + a] * step[row * 20 + b]) / 48;
                sum.ShouldBe(a == b ? 1 : 0, 0.5, $"columns {a} and {b}");
            }
    }

    [Fact]
    public void Muon_leaves_embeddings_and_vectors_to_AdamW()
    {
        var parameters = SampleParameters.Some();
        using var compute = new Compute(1);

        var state = Made(new MuonOptions(), compute, parameters).State.Select(one => one.Key);

        state.ShouldBe(["blk.0.attn_q.weight.momentum", "blk.0.ffn_down.weight.momentum", "token_embd.weight.m", "blk.0.attn_norm.weight.m",
            "token_embd.weight.v", "blk.0.attn_norm.weight.v"]);
    }

    [Theory, MemberData(nameof(Every))]
    public void A_quadratic_bowl_is_descended(OptimizerOptions options)
    {
        var target = SampleParameters.Random("blk.0.target.weight", 9, 16, 12);
        var weights = SampleParameters.Random("blk.0.ffn_up.weight", 10, 16, 12);
        using var compute = new Compute(2);
        var optimizer = Made(options with { WeightDecay = 0 }, compute, [weights]);
        var schedule = new CosineSchedule { Rate = 0.2f, FinalShare = 0 };

        for (var step = 0; step < 400; step++)
        {
            for (var i = 0; i < 16 * 12; i++)
                weights.Gradient.Floats[i] = weights.Value.Floats[i] - target.Value.Floats[i];
            optimizer.Advance(step, schedule.At(step, 400));
        }

        ((ReadOnlySpan<float>)weights.Value.Floats).ShouldBeClose(target.Value.Floats, Tolerance.Within(0.02, "after 400 steps"));
    }

    [Theory, MemberData(nameof(Every))]
    public void What_was_saved_and_written_back_continues_bit_for_bit(OptimizerOptions options)
    {
        using var compute = new Compute(2);
        var through = SampleParameters.Some();
        var optimizer = Made(options, compute, through);
        Run(optimizer, through, 0, 6);

        var stopped = SampleParameters.Some();
        var first = Made(options, compute, stopped);
        Run(first, stopped, 0, 3);
        var resumed = SampleParameters.Some(seed: 77);
        var second = Made(options, compute, resumed);
        foreach (var (from, to) in stopped.Zip(resumed))
            from.Value.Floats.CopyTo(to.Value.Floats);
        var saved = first.State.ToDictionary();
        foreach (var (name, tensor) in second.State)
            saved[name].RowSpan(0, tensor.Rows).CopyTo(tensor.RowSpan(0, tensor.Rows));
        Run(second, resumed, 3, 6);

        SampleParameters.Values(resumed).ShouldBe(SampleParameters.Values(through));
    }

    [Theory, MemberData(nameof(Every))]
    public void Threads_change_no_bit(OptimizerOptions options)
    {
        var results = new[] { 1, 2, 5 }.Select(threads =>
        {
            using var compute = new Compute(threads);
            var parameters = SampleParameters.Some();
            Run(Made(options, compute, parameters), parameters, 0, 3);
            return SampleParameters.Values(parameters);
        }).ToList();

        results[1].ShouldBe(results[0]);
        results[2].ShouldBe(results[0]);
    }

    [Fact]
    public void GaLore_of_full_rank_from_the_first_step_is_Adam_in_a_turned_space()
    {
        var matrix = SampleParameters.Random("blk.0.ffn_up.weight", 3, 6, 40);
        var before = matrix.Value.Floats.ToArray();
        using var compute = new Compute(2);
        var options = new GaLoreOptions { Rank = 6, Scale = 1, WeightDecay = 0, AdamW = new AdamWOptions { Epsilon = 0 } };
        var optimizer = Made(options, compute, [matrix]);
        optimizer.Advance(0, 1);

        // The first step of Adam is the sign of what it sees: P · sign(Pᵀ G), with P = the left singular vectors of G.
        var directions = optimizer.State.Single(entry => entry.Key.EndsWith("directions", StringComparison.Ordinal)).Value;
        for (var row = 0; row < 6; row++)
            for (var column = 0; column < 40; column++)
            {
                var expected = Enumerable.Range(0, 6).Sum(k => directions.Row(row)[k]
                    * Math.Sign(Enumerable.Range(0, 6).Sum(i => (double)directions.Row(i)[k] * matrix.Gradient.Row(i)[column])));
                (before[row * 40 + column] - matrix.Value.Row(row)[column]).ShouldBe((float)expected, 1e-4f);
            }
    }

    [Fact]
    public void MeZO_descends_by_losses_alone_and_repeats_for_a_seed()
    {
        float[] Descend(int threads)
        {
            var weights = SampleParameters.Random("blk.0.ffn_up.weight", 10, 4, 3);
            using var compute = new Compute(threads);
            var mezo = (Mezo)Optimizer.Create(new MezoOptions { WeightDecay = 0, Seed = 5 }, compute, [weights]);
            for (var step = 0; step < 600; step++)
                mezo.Advance(step, 0.03f, () => weights.Value.Floats.ToArray().Sum(w => (w - 1.0) * (w - 1.0)));
            return weights.Value.Floats.ToArray();
        }

        var once = Descend(1);

        ((ReadOnlySpan<float>)once).ShouldBeClose([.. Enumerable.Repeat(1f, 12)], Tolerance.Within(0.05, "after 600 steps"));
        Descend(3).ShouldBe(once);
    }

    [Fact]
    public void Every_path_gives_the_same_bits()
    {
        foreach (var options in (OptimizerOptions[])[new AdamWOptions(), new LionOptions(), new AdamWOptions { MomentType = DType.BF16 }])
        {
            var results = InstructionSets.Supported.Select(path =>
            {
                using var compute = new Compute(1, path);
                var parameters = SampleParameters.Some();
                Run(Made(options, compute, parameters), parameters, 0, 3);
                return SampleParameters.Values(parameters);
            }).ToList();
            foreach (var result in results)
                result.ShouldBe(results[0]);
        }
    }

    [Fact]
    public void Moments_in_brain_floats_take_half_the_memory_and_keep_changes_too_small_to_be_rounded_to()
    {
        using var compute = new Compute(2);
        var (exact, rounded) = (SampleParameters.Random("blk.0.w", 3, 64, 64), SampleParameters.Random("blk.0.w", 3, 64, 64));
        // A thousandth a step, where two brain floats are at least four thousandths apart.
        var options = new AdamWOptions { Beta2 = 0.999f, Epsilon = 1e-3f };
        var optimizer = Made(options, compute, [exact]);
        var other = Made(options with { MomentType = DType.BF16 }, compute, [rounded]);

        for (var step = 0; step < 400; step++)
        {
            exact.Gradient.Floats.Fill(step == 0 ? 10 : 0.1f);
            rounded.Gradient.Floats.Fill(step == 0 ? 10 : 0.1f);
            optimizer.Advance(step, 1e-4f);
            other.Advance(step, 1e-4f);
        }

        Bytes(other).ShouldBe(Bytes(optimizer) / 2);
        double Mean(Optimizer which) => which.State.Single(entry => entry.Key.EndsWith(".v", StringComparison.Ordinal)).Value.ToFloats().Floats.ToArray().Average();
        Mean(other).ShouldBe(Mean(optimizer), 0.01 * Mean(optimizer));
        ((ReadOnlySpan<float>)rounded.Value.Floats).ShouldBeClose(exact.Value.Floats, Tolerance.Within(2e-3, "four hundred steps of at most 1e-4"));

        static long Bytes(Optimizer which) => which.State.Sum(entry => entry.Value.Bytes);
    }

    [Fact]
    public void Vectors_and_what_is_named_do_not_decay()
    {
        var options = new AdamWOptions { WeightDecay = 0.3f, WithoutDecay = ["token_embd.*"] };

        SampleParameters.Some().Select(options.DecayOf).ShouldBe([0, 0.3f, 0.3f, 0]);
    }

    static GradientOptimizer Made(OptimizerOptions options, Compute compute, IReadOnlyList<Parameter> parameters) =>
        (GradientOptimizer)Optimizer.Create(options, compute, parameters);

    static void Run(GradientOptimizer optimizer, List<Parameter> parameters, int first, int last)
    {
        for (var step = first; step < last; step++)
        {
            SampleParameters.NextGradients(parameters, 31 * step);
            optimizer.Advance(step, 0.01f, 0.9f);
        }
    }

    /// <summary>Loshchilov &amp; Hutter 2019, algorithm 2, word for word.</summary>
    sealed class AdamInDouble(Parameter parameter, AdamWOptions options)
    {
        readonly double[] _weights = [.. parameter.Value.Floats.ToArray().Select(w => (double)w)];
        readonly double[] _m = new double[parameter.Value.Shape.Count], _v = new double[parameter.Value.Shape.Count];

        public float[] Weights => [.. _weights.Select(w => (float)w)];

        public void Step(int step, double rate, double scale)
        {
            var decay = parameter.Value.Rows > 1 ? options.WeightDecay : 0;
            for (var i = 0; i < _weights.Length; i++)
            {
                var gradient = parameter.Gradient.Floats[i] * scale;
                _m[i] = options.Beta1 * _m[i] + (1 - options.Beta1) * gradient;
                _v[i] = options.Beta2 * _v[i] + (1 - options.Beta2) * gradient * gradient;
                var mean = _m[i] / (1 - Math.Pow(options.Beta1, step + 1));
                var square = _v[i] / (1 - Math.Pow(options.Beta2, step + 1));
                _weights[i] -= rate * (mean / (Math.Sqrt(square) + options.Epsilon) + decay * _weights[i]);
            }
        }
    }
}
