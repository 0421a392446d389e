namespace Brickwork.EndToEnd;

/// <summary>One engine writing beside processes that keep the processors busy: tokens per second by number of threads.</summary>
sealed class CrowdedRow(string engine)
{
    readonly SortedDictionary<int, List<double?>> _runs = [];

    public string Engine { get; } = engine;

    /// <summary>Adds a run; null = no result within the time limit.</summary>
    public void Add(int threads, double? rate)
    {
        if (!_runs.TryGetValue(threads, out var runs))
            _runs[threads] = runs = [];
        runs.Add(rate);
    }

    /// <summary>The median; a run without result counts as 0.</summary>
    public double Median(int threads) => Side.Middle(_runs[threads].Select(rate => rate ?? 0));

    /// <summary>What the second and further threads bring beside the same crowd: below 1 they do harm.</summary>
    public double Gain(int few, int many) => Median(few) > 0 ? Median(many) / Median(few) : 0;
}
