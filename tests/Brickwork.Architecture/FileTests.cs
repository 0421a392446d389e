using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace Brickwork.Architecture;

public sealed partial class FileTests
{
    const int LongestFile = 300, LargestMedian = 80, LargestNinetiethPercentile = 200;

    [Fact]
    public void No_code_file_is_longer_than_300_lines() =>
        SourceTree.Code.Where(file => file.Lines > LongestFile).Select(file => $"{file.Path} has {file.Lines} lines")
            .ShouldBeNone($"A file holds one concept in at most {LongestFile} lines; move a second concept to a file of its own.");

    [Fact]
    public void Source_files_are_small_on_the_whole()
    {
        var lines = SourceTree.Code.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal)).Select(file => file.Lines).Order().ToList();
        lines[lines.Count / 2].ShouldBeLessThanOrEqualTo(LargestMedian, "the median length of the files under src/");
        lines[lines.Count * 9 / 10].ShouldBeLessThanOrEqualTo(LargestNinetiethPercentile, "the 90th percentile of the lengths under src/");
    }

    [Fact]
    public void A_file_is_named_for_a_type_it_declares() =>
        SourceTree.Code.Where(file => !file.HasTopLevelStatements && !file.Types.Contains(file.Concept) && !file.BaseTypes.Contains(file.Concept))
            .Select(file => $"{file.Path} declares {(file.Types.Any() ? string.Join(", ", file.Types) : "no type")}")
            .ShouldBeNone("The file name up to its first dot is the name of its main type, or of the type whose variants it holds.");

    [Fact]
    public void Names_say_what_a_thing_is() =>
        SourceTree.Code.SelectMany(file => file.Types.Append(file.Concept).Distinct(), (file, name) => (file, name))
            .Where(pair => EmptyWord().IsMatch(pair.name)).Select(pair => $"{pair.file.Path}: {pair.name}")
            .ShouldBeNone("No type or file is called Manager, Helper, Util, Common or Misc: name the thing, not its role.");

    [Fact]
    public void Folders_say_what_lives_in_them() =>
        SourceTree.Code.Select(file => Path.GetDirectoryName(file.Path)!).Distinct().Where(folder => EmptyWord().IsMatch(folder))
            .ShouldBeNone("No folder is called Manager, Helper, Util, Common or Misc.");

    [Fact]
    public void Unsafe_code_stands_only_where_it_is_expected() =>
        (from file in SourceTree.Code
         where file.Path.StartsWith("src/", StringComparison.Ordinal) && !UnsafePlace().IsMatch(file.Path)
         from line in file.LinesWith(SyntaxKind.UnsafeKeyword)
         select $"{file.Path}:{line}")
            .ShouldBeNone("The word unsafe stands only in files named for an instruction set (X.Avx512.cs, X.Avx2.cs, X.Vector.cs) and under Storage/ and Threading/.");

    [Fact]
    public void No_file_hides_code_in_a_region() =>
        (from file in SourceTree.Code
         from line in file.LinesWith(SyntaxKind.RegionKeyword)
         select $"{file.Path}:{line}")
            .ShouldBeNone("No #region: a part that wants a headline wants a file.");

    [Fact]
    public void A_namespace_is_Brickwork_or_the_name_of_its_folder() =>
        (from file in SourceTree.Code
         where file.Path.StartsWith("src/", StringComparison.Ordinal)
         let folder = Path.GetDirectoryName(file.Path)!["src/".Length..].Replace('/', '.')
         where file.Namespace is { } name && name != "Brickwork" && name != folder
         select $"{file.Path}: {file.Namespace}")
            .ShouldBeNone("A file is in the namespace Brickwork, or in the one its folders spell.");

    [GeneratedRegex("(Manager|Helper|Util|Utilitie|Utility|Common|Misc)s?(?![a-z])")]
    private static partial Regex EmptyWord();

    [GeneratedRegex(@"\.(Avx512|Avx2|Vector)\.cs$|/(Storage|Threading)/")]
    private static partial Regex UnsafePlace();
}
