using System.Reflection;

namespace Brickwork.Architecture;

/// <summary>The product's libraries, which the build has put beside these tests.</summary>
static class BrickworkAssemblies
{
    const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<Assembly> All { get; } = [.. SourceTree.SourceProjects.Where(project => !project.IsProgram).Select(project => Assembly.Load(project.Name))];

    public static IEnumerable<Type> Types => All.SelectMany(assembly => assembly.GetTypes());

    /// <summary>Names of all types and their members, of any accessibility, without the generic arity.</summary>
    public static HashSet<string> Names { get; } = [.. Types.SelectMany(NamesOf)];

    static IEnumerable<string> NamesOf(Type type) =>
        type.GetMembers(Everything).Select(member => member.Name).Append(WithoutArity(type.Name));

    public static string WithoutArity(string name) => name.Split('`')[0];
}
