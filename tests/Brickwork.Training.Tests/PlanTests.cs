using Brickwork.TestKit;

namespace Brickwork.Training.Tests;

public sealed class PlanTests
{
    const string Full = """
        name: tiny
        new: { width: 64, layers: 3, heads: 4, kvHeads: 2, feedForward: 160, context: 128, tiedHead: false, deviation: 0.03, ropeBase: 5000, normEpsilon: 1e-6 }
        tokenizer: stories260k
        newTokenizer: { vocabulary: 2k, preTokenizer: qwen2, specialTokens: [<|end|>, <|user|>], minimumCount: 3, longestToken: 20 }
        data:
          - path: novels
            share: 2
          - { path: law.jsonl, domain: law, template: "{title}\n{text}", boundary: line, encoding: latin1, longestDocument: 9000, heldOut: 0.1, share: 1.5 }
        heldOut: 0.03
        duplicates: { threshold: 0.7 }
        tokens: 1.5M
        batch: { sequences: 32, length: 64, microSequences: 8 }
        optimizer:
          kind: muon
          weightDecay: 0.05
          momentum: 0.9
          withoutDecay: [token_embd.*]
          adamW: { beta1: 0.8, beta2: 0.98 }
        schedule: { kind: wsd, rate: 2e-3, warmUpSteps: 1k, decayShare: 0.3, finalShare: 0.05, shape: linear }
        clipNorm: none
        recomputeBlocks: true
        averageDecay: 0.99
        evaluation: { every: 10, tokensPerDomain: 2k }
        samples: { every: 20, prompts: [Once upon a time, The court], tokens: 30, temperature: 0 }
        checkpoints: { every: 5, keep: 3 }
        output: bf16
        seed: 7
        """;

    [Fact]
    public void Every_key_of_a_plan_is_read()
    {
        var plan = TrainingPlan.Parse(Full);

        plan.Name.ShouldBe("tiny");
        plan.New.ShouldBe(new NewLlama { Width = 64, Layers = 3, Heads = 4, KvHeads = 2, FeedForward = 160, Context = 128, TiedHead = false, Deviation = 0.03f, RopeBase = 5000, NormEpsilon = 1e-6f });
        plan.Tokenizer.ShouldBe("stories260k");
        (plan.NewTokenizer.VocabularySize, plan.NewTokenizer.PreTokenizer, plan.NewTokenizer.MinimumCount, plan.NewTokenizer.LongestToken).ShouldBe((2000, "qwen2", 3, 20));
        plan.NewTokenizer.SpecialTokens.ShouldBe(["<|end|>", "<|user|>"]);
        plan.Data.Select(domain => domain.Source.Domain).ShouldBe(["novels", "law"]);
        plan.Data[1].ShouldBe(new DomainPlan
        {
            Source = new CorpusSource { Domain = "law", Path = "law.jsonl", Template = "{title}\n{text}", Boundary = DocumentBoundary.Line, Encoding = TextEncoding.Latin1, LongestDocument = 9000 },
            HeldOut = 0.1,
            Share = 1.5,
        });
        (plan.HeldOut, plan.Duplicates?.Threshold, plan.Tokens, plan.Steps).ShouldBe((0.03, 0.7, 1_500_000, null));
        plan.Batch.ShouldBe(new BatchPlan { Sequences = 32, Length = 64, MicroSequences = 8 });
        var muon = plan.Optimizer.ShouldBeOfType<MuonOptions>();
        (muon.WeightDecay, muon.Momentum, muon.AdamW.Beta1, muon.AdamW.Beta2).ShouldBe((0.05f, 0.9f, 0.8f, 0.98f));
        muon.WithoutDecay.ShouldBe(["token_embd.*"]);
        plan.Schedule.ShouldBe(new StableSchedule { Rate = 2e-3f, WarmUpSteps = 1000, DecayShare = 0.3f, FinalShare = 0.05f, Shape = DecayShape.Linear });
        (plan.ClipNorm, plan.RecomputeBlocks, plan.AverageDecay).ShouldBe((null, true, 0.99f));
        plan.Evaluation.ShouldBe(new EvaluationPlan { Every = 10, TokensPerDomain = 2000 });
        plan.Samples.Prompts.ShouldBe(["Once upon a time", "The court"]);
        (plan.Samples.Every, plan.Samples.Tokens, plan.Samples.Temperature).ShouldBe((20, 30, 0));
        plan.Checkpoints.ShouldBe(new CheckpointPlan { Every = 5, Keep = 3 });
        (plan.OutputType, plan.Seed).ShouldBe((DType.BF16, 7));
    }

    [Fact]
    public void A_plan_needs_nothing_but_texts()
    {
        var plan = TrainingPlan.Parse("data: [a.txt, b.txt]");

        plan.Data.Select(domain => domain.Source.Path).ShouldBe(["a.txt", "b.txt"]);
        plan.Optimizer.ShouldBeOfType<AdamWOptions>();
        plan.Schedule.ShouldBeOfType<CosineSchedule>();
    }

    [Fact]
    public void All_faults_are_named_together_with_their_lines()
    {
        var fault = Should.Throw<RecipeException>(() => TrainingPlan.Parse("""
            dta: [a.txt]
            steps: many
            batch: { sequences: 0, lenght: 3 }
            optimizer: { kind: sgd, beta1: 1.5 }
            model: a
            new: { width: 30, heads: 4 }
            heldOut: 2
            """));

        foreach (var part in (string[])["line 1: 'dta'", "line 2: 'steps' is 'many'", "'batch.sequences' is 0", "line 3: 'batch.lenght'", "line 4: 'optimizer.kind' is 'sgd'; expected adamw",
            "'optimizer.beta1' is 1.5", "'model' and 'new'", "'new.width' is 30", "'data' is empty", "'heldOut' is 2"])
            fault.Message.ShouldContain(part);
        fault.NextStep.ShouldContain("training.md");
    }

    [Theory]
    [InlineData("data: [a.txt\n", "line")]
    [InlineData("- just\n- a list", "is no plan")]
    [InlineData("", "is no plan")]
    [InlineData("data: a.txt", "'data' is 'a value'; expected a list")]
    [InlineData("data: [a.txt]\nbatch: 7", "'batch' is 'a value'; expected a mapping")]
    [InlineData("data: [[a.txt]]", "'data[0]'")]
    [InlineData("data: [{ domain: x }]", "'data[0].path' is missing")]
    [InlineData("data: [a.txt]\nseed: 1\nseed: 2", "line")]
    [InlineData("data: [{ path: a, share: 1 }, b]", "expected shares for all or none")]
    public void What_is_no_plan_is_refused_in_words(string yaml, string part) =>
        Should.Throw<RecipeException>(() => TrainingPlan.Parse(yaml)).Message.ShouldContain(part);

    [Fact]
    public void Distillation_needs_a_teacher()
    {
        var plan = TrainingPlan.Parse("data: [a]\nobjective: { kind: reverseKl, teacher: big, temperature: 3, textShare: 0.2 }");

        plan.Objective.ShouldBe(new DistillationObjective { Teacher = "big", Kind = DistillationKind.ReverseKl, Temperature = 3, TextShare = 0.2f });
        Should.Throw<RecipeException>(() => TrainingPlan.Parse("data: [a]\nobjective: { kind: forwardKl }")).Message.ShouldContain("'objective.teacher' is missing");
    }

    [Fact]
    public void Paths_are_relative_to_the_plan()
    {
        using var folder = new TemporaryFolder();
        folder.Write("texts/a.txt", "a");
        var plan = folder.Write("plan.yml", "data: [texts/a.txt]");

        TrainingPlan.Open(plan).Data[0].Source.Path.ShouldBe(folder.File("texts/a.txt"));
        Should.Throw<RecipeException>(() => TrainingPlan.Open(folder.File("none.yml"))).Message.ShouldContain("does not exist");
    }
}
