using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Route;

/// <summary>Where a low-rank change looks: the direction of its input that it answers most strongly.</summary>
static class Spectrum
{
    /// <summary>The first right singular vector of BA, [in], in double precision and without making BA; zero where BA is.</summary>
    public static double[] Prototype(LoraLinear part)
    {
        // A = Rᵀ·Q with orthonormal rows of Q: the singular values of BA are those of B·Rᵀ, and its right vectors are theirs times Q.
        var (basis, upper) = OrthonormalRows.Of(Matrix.From(part.Down.ToFloats())); // [r, in], [r, r]
        var inner = Matrix.From(part.Up.ToFloats()) * upper.Transposed();       // [out, r]
        var values = SymmetricEigen.Of((inner.Transposed() * inner).Symmetrized());
        var last = values.Values.Length - 1;
        var prototype = new double[basis.Columns];
        if (values.Values[last] > 0)
            for (var rank = 0; rank <= last; rank++)
                Matrix.AddScaled(basis.Row(rank), values.Vectors[rank, last], prototype);
        return prototype;
    }
}
