using System.Text.RegularExpressions;

namespace Brickwork.Architecture;

/// <summary>Pages must not run ahead of the code: what they name exists.</summary>
public sealed partial class DocumentTests
{
    const int LongestReadme = 150, LongestDecision = 40;

    [Fact]
    public void Code_names_in_pages_exist() =>
        (from page in MarkdownFile.All
         from span in page.CodeSpans
         where TypeName().IsMatch(span.Text)
         from name in Identifier().Matches(span.Text.Split('(')[0]).Select(match => match.Value)
         where !KnownNames.Contains(name)
         select $"{page.Path}:{span.Line} names `{span.Text}`, but there is no type or member {name}")
            .ShouldBeNone("A page names only types and members that exist; plans belong into issues.");

    [Fact]
    public void Paths_in_pages_exist() =>
        (from page in MarkdownFile.All
         from span in page.CodeSpans
         where RepositoryPath().IsMatch(span.Text) && !SourceTree.Exists(span.Text)
         select $"{page.Path}:{span.Line} names `{span.Text}`")
            .ShouldBeNone("A page names only files that exist.");

    [Fact]
    public void Relative_links_lead_somewhere() =>
        (from page in MarkdownFile.All
         from link in page.Links
         where !link.Text.Contains("://", StringComparison.Ordinal) && !link.Text.StartsWith("mailto:", StringComparison.Ordinal)
         where !Resolves(page, link.Text)
         select $"{page.Path}:{link.Line} links to {link.Text}")
            .ShouldBeNone("A relative link leads to a file of the repository, and its anchor to a headline there.");

    [Fact]
    public void Verbs_in_pages_exist()
    {
        var verbs = SourceTree.Files.Where(file => file.StartsWith("src/Brickwork.Cli/Verbs/", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file).ToLowerInvariant()).ToList();
        (from page in MarkdownFile.All
         from span in page.CodeSpans
         let command = Command().Match(span.Text)
         where command.Success && !verbs.Any(verb => verb.StartsWith(command.Groups[1].Value.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal))
         select $"{page.Path}:{span.Line} names `{span.Text}`, but src/Brickwork.Cli/Verbs has no {command.Groups[1].Value}")
            .ShouldBeNone("A page names only verbs that work.");
    }

    [Fact]
    public void The_readme_is_short_and_holds_the_test_command()
    {
        new MarkdownFile("README.md").Lines.ShouldBeLessThanOrEqualTo(LongestReadme);
        SourceTree.Read("README.md").ShouldContain("dotnet run dev.cs test");
    }

    [Fact]
    public void A_decision_record_is_short() =>
        MarkdownFile.All.Where(page => page.Path.StartsWith("docs/decisions/", StringComparison.Ordinal) && page.Lines > LongestDecision + 1)
            .Select(page => $"{page.Path} has {page.Lines} lines").ShouldBeNone($"A decision record has at most {LongestDecision} lines.");

    [Fact]
    public void No_tracked_text_names_a_machine() =>
        (from file in SourceTree.Files
         where TextFile().IsMatch(file) && !file.Contains("/Data/", StringComparison.Ordinal)
         let lines = File.ReadLines(TestKit.SharedData.InRepository(file)).Select((text, index) => (text, index))
         from line in lines
         let found = MachineName().Match(line.text)
         where found.Success
         select $"{file}:{line.index + 1}: {found.Value}")
            .ShouldBeNone("Files hold no absolute path of one machine and no address of a private host.");

    static bool Resolves(MarkdownFile page, string link)
    {
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? page.Path
            : Path.GetRelativePath(".", Path.Combine(Path.GetDirectoryName(page.Path)!, parts[0])).Replace('\\', '/');
        if (!SourceTree.Exists(target))
            return false;
        return parts.Length == 1 || !target.EndsWith(".md", StringComparison.Ordinal) || new MarkdownFile(target).Anchors.Contains(parts[1]);
    }

    /// <summary>Names of ours, of the base library and of the test kit.</summary>
    static HashSet<string> KnownNames { get; } =
    [
        .. BrickworkAssemblies.Names,
        .. SourceTree.Code.SelectMany(file => file.Types),
        .. AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic).SelectMany(assembly => assembly.GetExportedTypes())
            .Select(type => BrickworkAssemblies.WithoutArity(type.Name)),
        .. SourceTree.Projects.SelectMany(project => project.Name.Split('.')),
    ];

    // Starts with a capital, holds a small letter, and nothing but names, dots and type arguments: `ChatSession.AskAsync`, not `GGUF` or `Q4_K`.
    [GeneratedRegex(@"^(?=.*[a-z])[A-Z][A-Za-z0-9]+(<[A-Za-z, ]+>)?(\.[A-Z][A-Za-z0-9]+(<[A-Za-z, ]+>)?)*(\(.*\))?$")]
    private static partial Regex TypeName();

    [GeneratedRegex("[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^(src|tests|docs|bench|examples|models|experiments|\.ci)/[\w./-]+$|^[\w-]+\.(cs|slnx|props|md)$")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex("^brick ([a-z][a-z-]*)")]
    private static partial Regex Command();

    [GeneratedRegex(@"\.(cs|csproj|props|targets|slnx|md|json|yml|yaml|sh|c|txt|editorconfig|gitignore)$|/run$")]
    private static partial Regex TextFile();

    [GeneratedRegex(@"(?<![\w.~-])/(work|root|home|Users)/\w+|[A-Z]:\\Users\\|https?://(?!localhost\b|127\.0\.0\.1\b)([\w-]+(?=[/:\s""]|$)|\d+\.\d+\.\d+\.\d+|[\w.-]*(registry|artifactory|nexus|mirror|\.internal|\.local\b)[\w.-]*)")]
    private static partial Regex MachineName();
}
