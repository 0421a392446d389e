using Brickwork.Models;

namespace Brickwork.Conformance;

public class ConformanceTests
{
    public static TheoryData<string, InstructionSet> EveryCaseOnEveryPath()
    {
        var data = new TheoryData<string, InstructionSet>();
        foreach (var item in ConformanceSet.All)
            foreach (var path in InstructionSets.Supported)
                data.Add(item.Id, path);
        return data;
    }

    [SkippableTheory, MemberData(nameof(EveryCaseOnEveryPath))]
    public void Exact_outputs_are_within_the_tolerance_of_the_reference(string id, InstructionSet path)
    {
        var item = ConformanceSet.Find(id);

        var outputs = ConformanceRun.Run(item, Precision.Exact, path);

        var (distance, place) = outputs.DistanceFrom(item);
        distance.ShouldBeLessThanOrEqualTo(item.Tolerance, $"{id} at {place}");
        if (!item.IsEmbedding)
            outputs.NllOf(item.Prompt).ShouldBe(item.Nll, item.Tolerance);
    }

    [SkippableTheory, MemberData(nameof(EveryCaseOnEveryPath))]
    public void Fast_outputs_stay_as_near_to_the_reference_as_another_engine_with_rounded_activations(string id, InstructionSet path)
    {
        var item = ConformanceSet.Find(id);

        var outputs = ConformanceRun.Run(item, Precision.Fast, path);

        var (distance, place) = outputs.DistanceFrom(item);
        distance.ShouldBeLessThanOrEqualTo(Math.Max(item.Tolerance, 1.5f * item.NativeDistance), $"{id} at {place}");
    }

    [SkippableTheory, MemberData(nameof(EveryCaseOnEveryPath))]
    public void Greedy_tokens_are_the_reference_s_where_its_margin_binds(string id, InstructionSet path)
    {
        var item = ConformanceSet.Find(id);
        Skip.If(item.Continuation.Length == 0, "an embedding model writes nothing");
        Skip.IfNot(item.GreedyMargin > 2 * item.Tolerance, "two tokens are nearly equally likely");

        var outputs = ConformanceRun.Run(item, Precision.Exact, path);

        var firstRow = item.Prompt.Length - 1;
        var greedy = outputs.Rows.Skip(firstRow).Take(item.Continuation.Length).Select(row => Array.IndexOf(row, row.Max()));
        greedy.ShouldBe(item.Continuation);
    }

    [SkippableTheory, MemberData(nameof(EmbeddingCases))]
    public void Pooled_embeddings_are_within_the_tolerance_of_the_reference(string id)
    {
        var item = ConformanceSet.Find(id);

        var outputs = ConformanceRun.Run(item, Precision.Exact, InstructionSets.Default);

        var pooled = outputs.Pooling.Pool(outputs.Rows);
        var expected = item.Pooled();
        for (var column = 0; column < expected.Length; column++)
            pooled[column].ShouldBe(expected[column], item.Tolerance, $"column {column}");
    }

    public static TheoryData<string> EmbeddingCases() => [.. ConformanceSet.All.Where(item => item.IsEmbedding).Select(item => item.Id)];
}
