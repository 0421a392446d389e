using Brickwork.TestKit;

namespace Brickwork.Golden;

/// <summary>A text that must stay as it is until someone says otherwise.</summary>
static class GoldenFile
{
    /// <summary>
    /// Compares with tests/Brickwork.Golden/Expected/NAME and names the first line that differs. What was found is left under
    /// artifacts/golden, from where <c>dotnet run dev.cs golden</c> takes it; a test never writes into the source tree.
    /// </summary>
    public static void ShouldMatchGolden(this string found, string name)
    {
        found = found.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        var received = SharedData.InRepository("artifacts", "golden", name);
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, found);

        var expected = SharedData.InRepository("tests", "Brickwork.Golden", "Expected", name);
        if (!File.Exists(expected))
            Assert.Fail($"There is no golden file {name}. If this text is right, run: dotnet run dev.cs golden\n{found}");
        var (were, are) = (File.ReadAllText(expected).ReplaceLineEndings("\n").Split('\n'), found.Split('\n'));
        if (were.SequenceEqual(are))
            return;
        var gone = were.Except(are).Select(line => "- " + line.Trim());
        var added = are.Except(were).Select(line => "+ " + line.Trim());
        Assert.Fail($"{name} has changed. If that is meant, run: dotnet run dev.cs golden\n{string.Join('\n', gone.Concat(added).DefaultIfEmpty("the order of lines"))}");
    }
}
