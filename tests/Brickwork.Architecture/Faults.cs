namespace Brickwork.Architecture;

/// <summary>The faults a rule finds, so that one run names them all.</summary>
static class Faults
{
    /// <summary>Fails with one line per fault and the rule above them.</summary>
    public static void ShouldBeNone(this IEnumerable<string> faults, string rule)
    {
        var found = faults.ToList();
        if (found.Count > 0)
            Assert.Fail($"{rule}\n{found.Count} found:\n  {string.Join("\n  ", found)}");
    }
}
