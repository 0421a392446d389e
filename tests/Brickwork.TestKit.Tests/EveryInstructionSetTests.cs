namespace Brickwork.TestKit.Tests;

public sealed class EveryInstructionSetTests
{
    [Fact]
    public void The_reference_and_the_fastest_path_are_among_them()
    {
        var paths = ((IEnumerable<object[]>)new EveryInstructionSet()).Select(row => row[0]).ToList();

        paths.ShouldContain(InstructionSet.Reference);
        paths.ShouldContain(InstructionSets.Supported[^1]);
    }
}
