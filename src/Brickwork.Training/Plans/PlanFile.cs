using Brickwork.Formats.Yaml;
using YamlDotNet.RepresentationModel;

namespace Brickwork.Training.Plans;

/// <summary>Reads plans in YAML, node by node; a key that is not known is a fault.</summary>
static class PlanFile
{
    public const string NextStep = "See every key with its meaning in docs/training.md.";

    public static TrainingPlan Open(string path)
    {
        if (!File.Exists(path))
            throw new RecipeException($"The plan {path} does not exist.", "Check the path, or name a text to fine-tune on.");
        return Parse(File.ReadAllText(path), path);
    }

    public static TrainingPlan Parse(string yaml, string source)
    {
        List<string> faults = [];
        var root = new YamlMap(Root(yaml, source), "", faults);
        var plan = PlanReader.Read(root, Path.GetDirectoryName(Path.GetFullPath(source))!);
        root.Close();
        faults.AddRange(PlanCheck.Faults(plan));
        return faults.Count == 0 ? plan with { Yaml = yaml } : throw YamlFile.Faults(source, faults, NextStep);
    }

    static YamlMappingNode Root(string yaml, string source)
    {
        var documents = YamlFile.Documents(yaml, source);
        return documents is [YamlMappingNode root] ? root : throw new RecipeException(
            $"{source} is no plan: it holds {documents.Count} YAML documents; expected one, of keys and values.", "Begin with 'data:' and a list of texts.");
    }
}
