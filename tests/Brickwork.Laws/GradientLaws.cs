using System.Reflection;
using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws;

/// <summary>Every class of the folder Gradients contributes cases of one operation.</summary>
public class GradientLaws
{
    static readonly List<GradientCase> Everything =
    [
        .. from type in typeof(GradientLaws).Assembly.GetTypes()
           where type.Namespace == "Brickwork.Laws.Gradients"
           let cases = type.GetProperty("Cases", BindingFlags.Static | BindingFlags.Public)
           where cases is not null
           orderby type.Name
           from found in (IEnumerable<GradientCase>)cases.GetValue(null)!
           select found,
    ];

    public static TheoryData<string> Cases() => [.. Everything.Select(found => found.Name)];

    [Theory, MemberData(nameof(Cases))]
    public void Every_gradient_matches_finite_differences(string name)
    {
        var operation = Everything.Single(found => found.Name == name);
        foreach (var path in InstructionSets.Supported)
            operation.ShouldMatchFiniteDifferences(path);
    }

    [Fact]
    public void Every_operation_with_a_gradient_is_held_against_finite_differences()
    {
        var differentiable = typeof(RmsNorm).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(RmsNorm).Namespace && type.GetMethods().Any(method => method.Name.StartsWith("Backward", StringComparison.Ordinal)))
            .Where(type => type is { IsAbstract: true, IsSealed: true });
        differentiable.Except(Everything.Select(found => found.Operation)).Select(type => type.Name).ShouldBeEmpty();
    }
}
