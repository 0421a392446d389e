namespace Brickwork.Kernels.Threading;

/// <summary>Work that falls into numbered chunks which may run in any order on any thread.</summary>
/// <remarks>Chunks are cut by the size of the work, never by the number of threads, so results do not depend on that number.</remarks>
interface IParallelJob
{
    void Run(int chunk);
}
