namespace Brickwork.Kernels.Rope;

/// <summary>Which two values of a head turn together.</summary>
enum RopeStyle
{
    /// <summary>0 with 1, 2 with 3 …: Llama's own order.</summary>
    AdjacentPairs,

    /// <summary>i with i + n/2: GPT-NeoX, and most files of the Hugging Face kind.</summary>
    HalfSplit,
}
