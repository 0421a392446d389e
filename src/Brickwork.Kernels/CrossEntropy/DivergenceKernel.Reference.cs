namespace Brickwork.Kernels.CrossEntropy;

static partial class DivergenceKernel
{
    static double RunReference(DivergenceKind kind, ReadOnlySpan<float> student, ReadOnlySpan<float> teacher, double temperature)
    {
        var own = CrossEntropyKernel.LogSumReference(student, 1 / temperature);
        var given = CrossEntropyKernel.LogSumReference(teacher, 1 / temperature);
        var divergence = 0.0;
        for (var i = 0; i < student.Length; i++)
        {
            var (q, p) = (student[i] / temperature - own, teacher[i] / temperature - given);
            divergence += kind == DivergenceKind.Forward ? Math.Exp(p) * (p - q) : Math.Exp(q) * (q - p);
        }
        return temperature * temperature * divergence;
    }

    static double BackwardReference(
        DivergenceKind kind, Span<float> student, ReadOnlySpan<float> teacher, double temperature, double scale)
    {
        var own = CrossEntropyKernel.LogSumReference(student, 1 / temperature);
        var given = CrossEntropyKernel.LogSumReference(teacher, 1 / temperature);
        var divergence = RunReference(kind, student, teacher, temperature);
        for (var i = 0; i < student.Length; i++)
        {
            var (q, p) = (student[i] / temperature - own, teacher[i] / temperature - given);
            var slope = kind == DivergenceKind.Forward
                ? Math.Exp(q) - Math.Exp(p)
                : Math.Exp(q) * (q - p - divergence / (temperature * temperature));
            student[i] = (float)(slope * temperature * scale);
        }
        return divergence;
    }
}
