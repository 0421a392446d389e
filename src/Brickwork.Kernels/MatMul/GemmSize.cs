namespace Brickwork.Kernels.MatMul;

/// <summary>The size of a product: [rows, depth] times [depth, columns].</summary>
readonly record struct GemmSize(int Rows, int Columns, int Depth);
