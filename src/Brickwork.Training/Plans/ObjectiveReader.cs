using Brickwork.Training.Yaml;

namespace Brickwork.Training.Plans;

/// <summary>Reads <c>objective:</c>; its <c>kind</c> decides which keys it has.</summary>
static class ObjectiveReader
{
    enum Kind { CrossEntropy }

    public static Objective Read(PlanNode node)
    {
        _ = node.Choice("kind", ("crossEntropy", Kind.CrossEntropy));
        return new CrossEntropyObjective();
    }
}
