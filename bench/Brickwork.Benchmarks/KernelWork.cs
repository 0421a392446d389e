namespace Brickwork.Benchmarks;

/// <summary>What one call of a kernel does.</summary>
/// <param name="Operations">Multiplications and additions.</param>
/// <param name="Bytes">Bytes it has to read and write at least.</param>
public readonly record struct KernelWork(double Operations, double Bytes);
