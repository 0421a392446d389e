using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Brickwork.Architecture;

/// <summary>A C# file, parsed, so that words in comments and strings are not taken for code.</summary>
sealed class CodeFile(string path)
{
    readonly Lazy<CompilationUnitSyntax> _root = new(() =>
        CSharpSyntaxTree.ParseText(SourceTree.Read(path), new CSharpParseOptions(LanguageVersion.Latest)).GetCompilationUnitRoot());

    /// <summary>Relative to the repository.</summary>
    public string Path { get; } = path;

    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>The file name up to its first dot: the concept, without a suffix such as <c>.Avx2</c>.</summary>
    public string Concept => FileName[..FileName.IndexOf('.', StringComparison.Ordinal)];

    public int Lines => SourceTree.Read(Path).AsSpan().TrimEnd('\n').Count('\n') + 1;

    public CompilationUnitSyntax Root => _root.Value;

    public bool HasTopLevelStatements => Root.Members.Any(member => member is GlobalStatementSyntax);

    public string? Namespace => Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();

    /// <summary>Names of all types declared here, nested ones included.</summary>
    public IEnumerable<string> Types => Root.DescendantNodes().Select(node => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        _ => "",
    }).Where(name => name.Length > 0);

    /// <summary>Names of what the types here derive from.</summary>
    public IEnumerable<string> BaseTypes => Root.DescendantNodes().OfType<BaseTypeSyntax>().Select(type => type.Type.ToString());

    /// <summary>The line, from 1, of each token of that kind.</summary>
    public IEnumerable<int> LinesWith(SyntaxKind kind) =>
        Root.DescendantTokens(descendIntoTrivia: true).Where(token => token.IsKind(kind))
            .Select(token => token.GetLocation().GetLineSpan().StartLinePosition.Line + 1);
}
