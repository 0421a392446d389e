using System.Globalization;
using System.Text.Json;
using Brickwork.Cli.Cards;

namespace Brickwork.Cli.Options;

/// <summary>Tells where the inputs of a merge contradict each other.</summary>
static class ConflictReport
{
    const int WorstShown = 5;

    public static Card Conflicts(this Card card, IReadOnlyList<MergeConflict> conflicts) => conflicts.Count == 0 ? card : card
        .Row("conflicts", string.Create(CultureInfo.InvariantCulture, $"{conflicts.Average(conflict => conflict.SignConflict):P1} of all change is lost in sums, mean cosine {conflicts.Average(conflict => conflict.Cosine):F3}"))
        .Row("worst", string.Join(", ", conflicts.OrderByDescending(conflict => conflict.SignConflict).Take(WorstShown).Select(conflict => conflict.Tensor)));

    /// <summary>Writes the array <c>conflicts</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<MergeConflict> conflicts)
    {
        json.WriteStartArray("conflicts");
        foreach (var conflict in conflicts)
        {
            json.WriteStartObject();
            json.WriteString("tensor", conflict.Tensor);
            json.WriteNumber("signConflict", conflict.SignConflict);
            json.WriteNumber("cosine", conflict.Cosine);
            if (conflict.SubspaceOverlap is { } overlap)
                json.WriteNumber("subspaceOverlap", overlap);
            if (conflict.SharedNeurons is { } shared)
                json.WriteNumber("sharedNeurons", shared);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
