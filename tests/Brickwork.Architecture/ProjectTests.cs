namespace Brickwork.Architecture;

public sealed class ProjectTests
{
    static readonly string[] ProductWide = ["Brickwork.Architecture", "Brickwork.Golden"];

    // Their first code is under way.
    static readonly string[] NotYetBorn = [];

    [Fact]
    public void No_project_is_empty() =>
        SourceTree.Projects.Where(project => !project.Code.Any()).Select(project => project.Path).Except(NotYetBorn)
            .ShouldBeNone("A project is born with its first working code.");

    [Fact]
    public void No_waiver_outlives_its_reason() =>
        NotYetBorn.Where(path => !SourceTree.Projects.Any(project => project.Path == path && !project.Code.Any()))
            .ShouldBeNone($"These projects hold code now, so their names must go from {nameof(NotYetBorn)} in ProjectTests.cs.");

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = SourceTree.Read("Brickwork.slnx");
        SourceTree.Projects.Where(project => !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal)).Select(project => project.Path)
            .ShouldBeNone("Brickwork.slnx lists every project, so that one command builds all.");
    }

    [Fact]
    public void Every_source_project_is_tested()
    {
        var tested = SourceTree.TestProjects.Where(project => !ProductWide.Contains(project.Name))
            .SelectMany(project => project.References.Append(Without(project.Name, ".Tests"))).ToHashSet();
        SourceTree.SourceProjects.Where(project => project.Code.Any() && !tested.Contains(project.Name)).Select(project => project.Path)
            .ShouldBeNone("A project under src/ has a project of tests that mirrors it, or one that refers to it.");
    }

    [Fact]
    public void Every_tests_project_mirrors_another_project()
    {
        var sources = SourceTree.Projects.Select(project => project.Name).ToHashSet();
        SourceTree.TestProjects.Where(project => project.Name.EndsWith(".Tests", StringComparison.Ordinal))
            .Where(project => !sources.Contains(Without(project.Name, ".Tests"))).Select(project => project.Path)
            .ShouldBeNone("tests/X.Tests belongs to a project X.");
    }

    [Fact]
    public void Public_types_live_in_the_namespace_Brickwork() =>
        BrickworkAssemblies.Types.Where(type => type.IsPublic && type.Namespace != "Brickwork")
            .Select(type => $"{type.FullName} in {type.Assembly.GetName().Name}")
            .ShouldBeNone("Public types live in the namespace Brickwork, whatever their assembly; internal ones in the namespaces of their folders.");

    [Fact]
    public void Public_classes_are_sealed_abstract_or_inherited_from() =>
        BrickworkAssemblies.Types.Where(type => type is { IsPublic: true, IsClass: true, IsSealed: false, IsAbstract: false })
            .Where(type => BrickworkAssemblies.Types.All(other => other.BaseType != type)).Select(type => type.FullName!)
            .ShouldBeNone("A class is sealed unless it is made to be inherited from.");

    static string Without(string name, string suffix) => name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
