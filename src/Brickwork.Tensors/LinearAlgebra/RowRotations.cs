using System.Numerics;

namespace Brickwork.Tensors.LinearAlgebra;

/// <summary>Turns the rows of a matrix, two at a time, until all are orthogonal: one-sided Jacobi (Hestenes 1958).</summary>
/// <remarks>Small singular values come out as exact as large ones (Demmel &amp; Veselić 1992).</remarks>
static class RowRotations
{
    // Times √n: a product of rows that long is not known better (Drmač & Veselić 2008).
    const double Rounding = 1e-15;

    // Six to ten are usual; the angles fall quadratically.
    const int MostSweeps = 60;

    /// <param name="rows">[k, n], changed to J·rows with orthogonal rows.</param>
    /// <returns>J [k, k], orthonormal.</returns>
    public static Matrix Orthogonalize(Matrix rows)
    {
        var turns = Matrix.Of(rows.Rows, rows.Rows, (row, column) => row == column ? 1 : 0);
        for (var sweep = 0; sweep < MostSweeps; sweep++)
            if (!Sweep(rows, turns))
                break;
        return turns;
    }

    /// <summary>Every pair once; tells whether any was not orthogonal.</summary>
    static bool Sweep(Matrix rows, Matrix turns)
    {
        var turned = false;
        var (squares, rounding) = (new double[rows.Rows], Rounding * Math.Sqrt(rows.Columns));
        for (var row = 0; row < rows.Rows; row++)
            squares[row] = Matrix.Dot(rows.Row(row), rows.Row(row));
        for (var first = 0; first < rows.Rows; first++)
            for (var second = first + 1; second < rows.Rows; second++)
            {
                var product = Matrix.Dot(rows.Row(first), rows.Row(second));
                if (!(Math.Abs(product) > rounding * Math.Sqrt(squares[first]) * Math.Sqrt(squares[second])))
                    continue;
                turned = true;
                var ratio = (squares[second] - squares[first]) / (2 * product);
                // The smaller of the two angles that make the product 0.
                var tangent = Math.CopySign(1 / (Math.Abs(ratio) + Math.Sqrt(1 + ratio * ratio)), ratio);
                Turn(rows.Row(first), rows.Row(second), tangent);
                Turn(turns.Row(first), turns.Row(second), tangent);
                squares[first] = Math.Max(0, squares[first] - tangent * product);
                squares[second] += tangent * product;
            }
        return turned;
    }

    static void Turn(Span<double> first, Span<double> second, double tangent)
    {
        var cosine = 1 / Math.Sqrt(1 + tangent * tangent);
        var (c, s) = (new Vector<double>(cosine), new Vector<double>(cosine * tangent));
        var whole = first.Length - first.Length % Vector<double>.Count;
        for (var i = 0; i < whole; i += Vector<double>.Count)
        {
            var (a, b) = (new Vector<double>(first[i..]), new Vector<double>(second[i..]));
            (c * a - s * b).CopyTo(first[i..]);
            (s * a + c * b).CopyTo(second[i..]);
        }
        for (var i = whole; i < first.Length; i++)
            (first[i], second[i]) = (cosine * (first[i] - tangent * second[i]), cosine * (tangent * first[i] + second[i]));
    }
}
