namespace Brickwork.Kernels.CrossEntropy;

/// <summary>Which way a student is held against its teacher.</summary>
enum DivergenceKind
{
    /// <summary>Σ teacher · ln(teacher / student): the student covers all that the teacher may say (Hinton, Vinyals &amp; Dean 2015).</summary>
    Forward,

    /// <summary>Σ student · ln(student / teacher): the student says nothing that the teacher would not (Gu et al. 2023).</summary>
    Reverse,
}
