using Brickwork.Training.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Brickwork.Training.Plans;

/// <summary>Reads plans in YAML, node by node; a key that is not known is a fault.</summary>
static class PlanFile
{
    public static TrainingPlan Open(string path)
    {
        if (!File.Exists(path))
            throw new RecipeException($"The plan {path} does not exist.", "Check the path, or name a text to fine-tune on.");
        return Parse(File.ReadAllText(path), path);
    }

    public static TrainingPlan Parse(string yaml, string source)
    {
        List<string> faults = [];
        var root = new PlanNode(Root(yaml, source), "", faults);
        var plan = PlanReader.Read(root, Path.GetDirectoryName(Path.GetFullPath(source))!);
        root.Close();
        faults.AddRange(PlanCheck.Faults(plan));
        return faults.Count == 0 ? plan : throw PlanFaults.Of(source, faults);
    }

    static YamlMappingNode Root(string yaml, string source)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException cause)
        {
            throw new RecipeException($"{source}, line {cause.Start.Line}: {cause.Message}", "Correct the YAML: keys and values as 'key: value', deeper ones indented by spaces.", cause);
        }
        return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : throw new RecipeException(
            $"{source} is no plan: it holds {stream.Documents.Count} YAML documents; expected one, of keys and values.", "Begin with 'data:' and a list of texts.");
    }
}
