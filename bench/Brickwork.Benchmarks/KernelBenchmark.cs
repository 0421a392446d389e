using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;

namespace Brickwork.Benchmarks;

/// <summary>A kernel timed on one thread, on every path of this processor.</summary>
public abstract class KernelBenchmark
{
    [ParamsSource(nameof(Paths))]
    public InstructionSet Path { get; set; }

    public static IEnumerable<InstructionSet> Paths => InstructionSets.Supported;

    /// <summary>What one call of a method does with the parameters as they are.</summary>
    public abstract KernelWork WorkOf(string method);

    /// <summary>What one call of a case does.</summary>
    public static KernelWork WorkOf(BenchmarkCase one)
    {
        ArgumentNullException.ThrowIfNull(one);
        var kernel = (KernelBenchmark)Activator.CreateInstance(one.Descriptor.Type)!;
        foreach (var parameter in one.Parameters.Items)
            one.Descriptor.Type.GetProperty(parameter.Name)!.SetValue(kernel, parameter.Value);
        return kernel.WorkOf(one.Descriptor.WorkloadMethod.Name);
    }
}
