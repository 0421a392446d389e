namespace Brickwork.Kernels.MatMul;

/// <summary>What a product does to the matrix it goes to.</summary>
enum GemmTarget
{
    Replace,
    Add,
}
