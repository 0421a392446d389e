namespace Brickwork.Kernels.Tests;

/// <summary>The kernel paths of this processor other than the reference, as test data.</summary>
public sealed class KernelPaths : TheoryData<InstructionSet>
{
    public KernelPaths() => AddRange([.. InstructionSets.Supported.Where(path => path != InstructionSet.Reference)]);
}
