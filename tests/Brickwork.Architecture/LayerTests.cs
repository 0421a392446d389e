namespace Brickwork.Architecture;

public sealed class LayerTests
{
    [Fact]
    public void Every_source_project_says_its_layer() =>
        SourceTree.SourceProjects.Where(project => project.Layer is null).Select(project => project.Path)
            .ShouldBeNone("A csproj under src/ holds <Layer>N</Layer>.");

    [Fact]
    public void A_project_refers_only_to_lower_layers()
    {
        var layers = SourceTree.SourceProjects.ToDictionary(project => project.Name, project => project.Layer);
        (from project in SourceTree.SourceProjects
         from reference in project.References
         where !layers.TryGetValue(reference, out var layer) || layer >= project.Layer
         select $"{project.Path} (layer {project.Layer}) refers to {reference} (layer {layers.GetValueOrDefault(reference)?.ToString() ?? "none"})")
            .ShouldBeNone("A project under src/ refers only to projects under src/ of a lower layer.");
    }

    [Fact]
    public void Loaded_assemblies_refer_to_each_other_as_the_layers_say()
    {
        var layers = SourceTree.SourceProjects.ToDictionary(project => project.Name, project => project.Layer);
        (from assembly in BrickworkAssemblies.All
         from reference in assembly.GetReferencedAssemblies()
         let name = assembly.GetName().Name!
         where layers.TryGetValue(reference.Name!, out var layer) && layer >= layers[name]
         select $"{name} (layer {layers[name]}) uses {reference.Name} (layer {layers[reference.Name!]})")
            .ShouldBeNone("Compiled code uses lower layers only.");
    }
}
