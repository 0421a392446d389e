using System.Xml.Linq;
using Brickwork.TestKit;

namespace Brickwork.Golden;

public sealed class PublicSurfaceTests
{
    /// <summary>The libraries under src/; a program has no users who write code against it.</summary>
    public static TheoryData<string> Assemblies =>
        [.. from project in Directory.EnumerateFiles(SharedData.InRepository("src"), "*.csproj", SearchOption.AllDirectories)
            where XElement.Load(project).Descendants("OutputType").SingleOrDefault()?.Value != "Exe"
            let name = Path.GetFileNameWithoutExtension(project)
            orderby name
            select name];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_public_surface_changes_only_on_purpose(string assembly)
    {
        var runtime = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var path = runtime.Single(candidate => Path.GetFileNameWithoutExtension(candidate) == assembly);

        PublicSurface.Of(path, runtime).ShouldMatchGolden($"PublicApi/{assembly}.txt");
    }
}
