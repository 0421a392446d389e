namespace Brickwork.Evaluation.Tests;

/// <summary>Modified Kneser–Ney as Chen and Goodman 1999 write it: every count looked up in the text itself.</summary>
sealed class PlainKneserNey(int[] training, int order, int vocabulary)
{
    readonly Dictionary<int, Dictionary<string, int>> _counts = Enumerable.Range(1, order).ToDictionary(length => length, length => Counts(training, length, order));

    public double Probability(int[] context, int token)
    {
        var length = context.Length + 1;
        var lower = length == 1 ? 1.0 / vocabulary : Probability(context[1..], token);
        var before = string.Concat(context.Select(word => $"{word} "));
        var behind = _counts[length].Where(pair => pair.Key.StartsWith(before, StringComparison.Ordinal)).Select(pair => pair.Value).ToList();
        if (behind.Count == 0)
            return lower;
        var discounts = Discounts(length);
        var count = _counts[length].GetValueOrDefault($"{before}{token} ");
        var given = behind.Sum(other => discounts[Math.Min(other, 3)]);
        return (count - discounts[Math.Min(count, 3)] + given * lower) / behind.Sum();
    }

    double[] Discounts(int length)
    {
        double Of(int count) => _counts[length].Values.Count(value => value == count);
        var ratio = Of(1) / Math.Max(1, Of(1) + 2 * Of(2));
        double Discount(int count) => Math.Clamp(Of(count) > 0 ? count - (count + 1) * ratio * Of(count + 1) / Of(count) : count, 0.1, count);
        return [0, Discount(1), Discount(2), Discount(3)];
    }

    static Dictionary<string, int> Counts(int[] training, int length, int order)
    {
        string Run(int start, int size) => string.Concat(training[start..(start + size)].Select(word => $"{word} "));
        var runs = Enumerable.Range(0, training.Length - length + 1).Select(start => (Run: Run(start, length), Start: start));
        return length == order
            ? runs.GroupBy(run => run.Run).ToDictionary(group => group.Key, group => group.Count())
            : runs.Where(run => run.Start > 0).GroupBy(run => run.Run).ToDictionary(group => group.Key, group => group.Select(run => training[run.Start - 1]).Distinct().Count());
    }
}
