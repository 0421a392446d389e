using System.Text;
using Brickwork.Models.Families;
using Brickwork.TestKit;

namespace Brickwork.Conformance;

/// <summary>The page that says which families run, made of the registry and of what the cases give.</summary>
public class FamiliesPageTests
{
    const string Failing = "(fails)", Untested = "none yet";

    static string Committed => SharedData.InRepository("docs", "families.md");

    [Fact]
    public void The_page_of_families_says_what_the_registry_and_the_cases_say()
    {
        var page = Page();
        // From there dotnet run dev.cs golden takes it; a test never writes into the source tree.
        var received = SharedData.InRepository("artifacts", "pages", "families.md");
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, page);

        var committed = File.Exists(Committed) ? File.ReadAllText(Committed).ReplaceLineEndings("\n") : "";
        page.Split('\n').Except(committed.Split('\n')).ShouldBeEmpty("docs/families.md is out of date; run: dotnet run dev.cs golden");
        committed.ShouldBe(page);
    }

    static string Page()
    {
        var cases = ConformanceSet.All.ToLookup(item => item.Architecture);
        var families = FamilyRegistry.All.OrderBy(family => family.Architecture, StringComparer.Ordinal).ToList();
        var text = new StringBuilder();
        text.Append("# Families\n\n");
        text.Append("A model file names its architecture. These run; a file of any other is refused with a message that says so.\n");
        text.Append("Each conformance case is a tiny model of random weights whose outputs llama.cpp computed in F32; it passes if all of our\n");
        text.Append("exact outputs are within the tolerance of the case. How the cases were made: ");
        text.Append("[SOURCE.md](../tests/Brickwork.Conformance/Data/SOURCE.md).\n\n");
        text.Append($"{families.Count} families, {cases.Sum(group => group.Count())} cases. This page is written by `dotnet run dev.cs golden`.\n\n");
        text.Append("| Architecture | Models, for example | Conformance cases |\n|---|---|---|\n");
        foreach (var family in families)
        {
            var tested = cases[family.Architecture].Select(item => $"{item.Id}{(Passes(item) ? "" : $" {Failing}")}");
            text.Append($"| {family.Architecture} | {family.Examples} | {string.Join(", ", tested.DefaultIfEmpty(Untested))} |\n");
        }
        return text.ToString();
    }

    /// <summary>Where a case's model is not on this machine, the page keeps what it says.</summary>
    static bool Passes(ConformanceCase item)
    {
        if (!File.Exists(item.ModelPath))
            return !File.Exists(Committed) || !File.ReadAllText(Committed).Contains($"{item.Id} {Failing}", StringComparison.Ordinal);
        try
        {
            return ConformanceRun.Run(item, Precision.Exact, InstructionSets.Default).DistanceFrom(item).Distance <= item.Tolerance;
        }
        catch (BrickworkException)
        {
            return false;
        }
    }
}
