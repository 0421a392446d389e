using System.Globalization;
using Brickwork.Cli.Cards;

namespace Brickwork.Cli.Training;

/// <summary>What happened in a training, in one line.</summary>
static class TrainingText
{
    const int MostLetters = 160;

    public static string? Of(TrainingEvent value) => value switch
    {
        TrainingEvaluation { Evaluation: var evaluation } => $"held out after step {evaluation.Step}: {Bits(evaluation.BitsPerByte)}"
            + (evaluation.Domains.Count > 1 ? $" ({string.Join(", ", evaluation.Domains.Select(domain => $"{domain.Key} {Numbers.Fixed(domain.Value.BitsPerByte, 3)}"))})" : ""),
        TrainingSample { Sample: var sample } => $"sample after step {sample.Step}: {Short(sample.Prompt)} ▸{Short(sample.Text)}",
        TrainingCheckpoint checkpoint => $"checkpoint {checkpoint.Path}",
        _ => null,
    };

    static string Bits(double bits) => string.Create(CultureInfo.InvariantCulture, $"{bits:F4} bits/byte");

    static string Short(string text)
    {
        var line = text.ReplaceLineEndings("⏎");
        return line.Length > MostLetters ? line[..MostLetters] + "…" : line;
    }
}
