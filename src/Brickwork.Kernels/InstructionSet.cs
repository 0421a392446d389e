using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork;

/// <summary>The kernel paths, slow to fast. Every path gives the reference's answer within the stated float error.</summary>
public enum InstructionSet
{
    /// <summary>Plain loops: the specification the others are tested against.</summary>
    Reference,

    /// <summary>Portable vectors of the base library, any processor.</summary>
    Vector,

    /// <summary>x86 with AVX2 and FMA.</summary>
    Avx2,

    /// <summary>x86 with AVX-512 F, BW, DQ and VL.</summary>
    Avx512,
}

/// <summary>Which kernel paths this processor has, and which one the environment asks for.</summary>
public static class InstructionSets
{
    /// <summary>The environment variable that forces a path: reference, vector, avx2, avx512 or auto.</summary>
    public const string Variable = "BRICKWORK_ISA";

    /// <summary>The paths that run here, slow to fast.</summary>
    public static IReadOnlyList<InstructionSet> Supported { get; } = [.. Enum.GetValues<InstructionSet>().Where(IsSupported)];

    /// <summary>What the environment asks for, or else the fastest supported path.</summary>
    public static InstructionSet Default { get; } = Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The path with that name; null, empty and "auto" mean the fastest supported one.</summary>
    /// <exception cref="ArgumentException">No such path, or this processor does not have it.</exception>
    public static InstructionSet Parse(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Equals("auto", StringComparison.OrdinalIgnoreCase))
            return Supported[^1];
        foreach (var candidate in Supported)
            if (name.Equals(candidate.ToString(), StringComparison.OrdinalIgnoreCase))
                return candidate;
        var known = string.Join(", ", Supported).ToLowerInvariant();
        throw new ArgumentException($"Instruction set '{name}' is not available here; found {known}, auto.", nameof(name));
    }

    static bool IsSupported(InstructionSet path) => path switch
    {
        InstructionSet.Avx512 => Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && Vector512.IsHardwareAccelerated,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };
}
