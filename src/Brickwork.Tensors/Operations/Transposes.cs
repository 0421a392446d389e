namespace Brickwork.Tensors.Operations;

/// <summary>Which factors of a product are taken with rows and columns exchanged.</summary>
[Flags]
enum Transposes
{
    None = 0,
    First = 1,
    Second = 2,
    Both = First | Second,
}
