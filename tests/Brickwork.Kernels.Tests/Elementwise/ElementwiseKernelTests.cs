using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Tests.Elementwise;

public sealed class ElementwiseKernelTests
{
    delegate void Operation(InstructionSet path, float[] a, float[] b, float[] y);

    static readonly (string Name, Operation Run, double Relative)[] Operations =
    [
        ("add", (path, a, b, y) => ElementwiseKernel.Add(path, a, b, y), 0),
        ("multiply", (path, a, b, y) => ElementwiseKernel.Multiply(path, a, b, y), 0),
        ("add scaled", (path, a, _, y) => ElementwiseKernel.AddScaled(path, a, 0.3f, y), 0),
        ("multiply and add", (path, a, b, y) => ElementwiseKernel.MultiplyAdd(path, a, b, y), 0),
        ("scale", (path, a, _, y) => ElementwiseKernel.Scale(path, a, 0.3f, y), 0),
        ("soft cap", (path, a, _, y) => ElementwiseKernel.SoftCap(path, a, 3f, y), 5e-7),
    ];

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Every_operation_matches_the_reference_for_every_length(InstructionSet path)
    {
        foreach (var (name, run, relative) in Operations)
            foreach (var length in Rows.Lengths)
            {
                var (a, b) = (Rows.Random(length, length, 9), Rows.Random(length + 1, length, 9));
                var (expected, actual) = (Rows.Random(5, length), Rows.Random(5, length));
                run(InstructionSet.Reference, a, b, expected);
                run(path, a, b, actual);
                actual.ShouldBeClose(expected, relative, 0, $"{name} on {path}");
            }
    }

    [Fact]
    public void Rows_of_different_length_are_refused() =>
        Should.Throw<ArgumentException>(() => ElementwiseKernel.Add(InstructionSet.Vector, new float[3], new float[4], new float[3]));

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Halves_and_bytes_load_as_the_numbers_they_are(InstructionSet path)
    {
        if (path == InstructionSet.Avx512)
            Loads<Lanes512>();
        else if (path == InstructionSet.Avx2)
            Loads<Lanes256>();
        else
            Loads<Lanes128>();
    }

    static void Loads<T>() where T : struct, ILanes<T>
    {
        var buffer = new float[16];
        var halves = new ushort[16];
        var bytes = new sbyte[16];
        for (var first = 0; first < 65536; first += T.Count)
        {
            for (var i = 0; i < T.Count; i++)
                (halves[i], bytes[i]) = ((ushort)(first + i), (sbyte)(first + i));
            T.Store(T.Load(ref halves[0], 0), ref buffer[0], 0);
            for (var i = 0; i < T.Count; i++)
                buffer[i].ShouldBe((float)BitConverter.UInt16BitsToHalf(halves[i]));
            T.Store(T.Load(ref bytes[0], 0), ref buffer[0], 0);
            for (var i = 0; i < T.Count; i++)
                buffer[i].ShouldBe(bytes[i]);
        }
    }
}
