using Brickwork.Evaluation.Scoring;
using Brickwork.TestKit;

namespace Brickwork.Evaluation.Tests;

public sealed class ComparisonTests(Stories stories) : IClassFixture<Stories>
{
    [Fact]
    public void A_model_is_no_distance_from_itself()
    {
        var same = stories.Model.CompareWith(stories.Model, [Stories.Text]);
        same.KlDivergence.ShouldBe(0);
        same.MaxKlDivergence.ShouldBe(0);
        same.TopAgreement.ShouldBe(1);
        same.PerplexityRatio.ShouldBe(1);
        same.Reference.ShouldBe(stories.Model.MeasurePerplexity(Stories.Text));
    }

    [SkippableFact]
    public void A_quantized_model_is_near_but_not_equal()
    {
        using var quantized = LanguageModel.Load(SharedData.Require("data", "model-stories260k", "stories260K-q8_0.gguf"));
        var comparison = quantized.CompareWith(stories.Model, [Stories.Text], new PerplexityOptions { Split = TextSplit.Paragraph });
        comparison.KlDivergence.ShouldBeInRange(1e-8, 0.01);
        comparison.MaxKlDivergence.ShouldBeGreaterThanOrEqualTo(comparison.KlDivergence);
        comparison.TopAgreement.ShouldBeGreaterThan(0.9);
        comparison.PerplexityRatio.ShouldBe(1, 0.02);
    }

    [Fact]
    public void Divergence_is_the_sum_over_the_vocabulary()
    {
        // p = (3/4, 1/4), q = (1/4, 3/4): 3/4·ln 3 − 1/4·ln 3.
        float[] p = [MathF.Log(3), 0, float.NegativeInfinity], q = [0, MathF.Log(3), float.NegativeInfinity];
        ComparisonSum.Divergence(p, q).ShouldBe(0.5 * Math.Log(3), 1e-6);
        ComparisonSum.Divergence(p, p).ShouldBe(0);
    }
}
