namespace Brickwork.Tensors.LinearAlgebra;

/// <summary>Divisions by differences of eigenvalues, which are 0 where eigenvalues are equal but for rounding.</summary>
static class SpectralGap
{
    const double Rounding = 1e-12;

    /// <summary>The smallest difference that is believed.</summary>
    public static double Smallest(double[] values) => Rounding * values.Select(Math.Abs).DefaultIfEmpty().Max();

    public static double Inverse(double gap, double smallest) => Math.Abs(gap) <= smallest ? 0 : 1 / gap;
}
