using Brickwork.Evaluation.Tasks;

namespace Brickwork;

/// <summary>Questions with known answers that a model's likelihoods decide. Nothing is generated.</summary>
public sealed class EvaluationTask
{
    EvaluationTask(string name, IReadOnlyList<TaskItem> items) => (Name, Items) = (name, items);

    /// <summary>What the task is called.</summary>
    public string Name { get; }

    /// <summary>How many questions there are.</summary>
    public int Count => Items.Count;

    internal IReadOnlyList<TaskItem> Items { get; }

    /// <summary>BLiMP (Warstadt et al. 2020): of two sentences, the grammatical one must be the likelier. The published zip of 67 sets.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or of another form.</exception>
    public static EvaluationTask OpenBlimp(string path) => new("blimp", TaskReader.ReadZip(path));

    /// <summary>LAMBADA (Paperno et al. 2016): the last word of a passage must be foreseen. One JSON object with <c>text</c> a line.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or of another form.</exception>
    public static EvaluationTask OpenLambada(string path) => new("lambada", TaskReader.ReadLines(path));

    /// <summary>A file of JSON lines: <c>{"good","bad"}</c>, <c>{"prompt","completion"}</c> or <c>{"text"}</c>, each with an optional <c>"subset"</c>.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or of another form.</exception>
    public static EvaluationTask Open(string path) => new(Path.GetFileName(path), TaskReader.ReadLines(path));

    /// <summary>The same task with its first questions only, taken from each subset in turn.</summary>
    public EvaluationTask Take(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var turns = Items.GroupBy(item => item.Subset).SelectMany(subset => subset.Index());
        return new EvaluationTask(Name, [.. turns.OrderBy(turn => turn.Index).Select(turn => turn.Item).Take(limit)]);
    }
}
