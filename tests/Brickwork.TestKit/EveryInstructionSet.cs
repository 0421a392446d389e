namespace Brickwork.TestKit;

/// <summary>The kernel paths this processor has, for <c>[Theory, ClassData(typeof(EveryInstructionSet))]</c>.</summary>
public sealed class EveryInstructionSet : TheoryData<InstructionSet>
{
    public EveryInstructionSet() => AddRange([.. InstructionSets.Supported]);
}
