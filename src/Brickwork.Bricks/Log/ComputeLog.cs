using System.Globalization;

namespace Brickwork.Bricks.Log;

/// <summary>What decides the bits of a pass beside model and texts; the number of threads does not.</summary>
static class ComputeLog
{
    /// <summary>The kernel path, whether activations are rounded, and the context that was asked for.</summary>
    public const string InstructionSet = "instructionSet", Precision = "precision", Context = "context";

    public static IEnumerable<(string Name, string? Value)> Of(LanguageModel model) =>
    [
        (InstructionSet, model.Compute.InstructionSet.ToString()),
        (Precision, model.Compute.Precision.ToString()),
        (Context, model.AskedContext?.ToString(CultureInfo.InvariantCulture)),
    ];
}
