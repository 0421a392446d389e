using Brickwork.Formats.Yaml;

namespace Brickwork.Training.Plans;

/// <summary>Reads <c>objective:</c>; its <c>kind</c> decides which keys it has.</summary>
static class ObjectiveReader
{
    enum Kind { CrossEntropy, ForwardKl, ReverseKl }

    public static Objective Read(YamlMap node, string folder) =>
        node.Choice("kind", ("crossEntropy", Kind.CrossEntropy), ("forwardKl", Kind.ForwardKl), ("reverseKl", Kind.ReverseKl)) switch
        {
            Kind.ForwardKl => Distillation(node, DistillationKind.ForwardKl, folder),
            Kind.ReverseKl => Distillation(node, DistillationKind.ReverseKl, folder),
            _ => new CrossEntropyObjective(),
        };

    static DistillationObjective Distillation(YamlMap node, DistillationKind kind, string folder)
    {
        if (!node.Has("teacher"))
            node.Fault("teacher", "a model");
        var made = new DistillationObjective { Teacher = PlanReader.Place(node.Text("teacher"), folder) ?? "", Kind = kind };
        return made with
        {
            Temperature = (float?)node.Number("temperature") ?? made.Temperature,
            TextShare = (float?)node.Number("textShare") ?? made.TextShare,
        };
    }
}
