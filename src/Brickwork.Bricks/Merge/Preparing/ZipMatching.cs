using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>Pairs features greedily, the most alike first, until there are as many groups as one model has features.</summary>
/// <remarks>ZipIt, section 4. A group is as like another as its least like member, times alpha; a model may pair at most a share beta of its features with each other.</remarks>
sealed class ZipMatching
{
    readonly Matrix _likeness;
    readonly int _features;
    readonly double _alpha;
    readonly List<int>?[] _groups;
    readonly int[] _budget;
    readonly int[] _best;

    /// <param name="likeness">Of every feature with every other; changed.</param>
    /// <param name="models">How many.</param>
    /// <param name="features">Of one model.</param>
    /// <param name="alpha">What the likeness of a group is multiplied with after each pairing.</param>
    /// <param name="beta">The share of a model's features that may be paired within it.</param>
    public ZipMatching(Matrix likeness, int models, int features, double alpha, double beta)
    {
        (_likeness, _features, _alpha) = (likeness, features, alpha);
        _groups = [.. Enumerable.Range(0, models * features).Select(feature => new List<int> { feature })];
        // Features that go are (models − 1)/models of all, the same number of each model.
        _budget = [.. Enumerable.Repeat((int)((models - 1) * features / models * beta + 1e-4), models)];
        _best = new int[_groups.Length];
        for (var feature = 0; feature < _best.Length; feature++)
            FindBest(feature);
    }

    /// <summary>The groups, in the order of their first members; a group's origin is that of its first member.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Run()
    {
        for (var left = _groups.Length; left > _features; left--)
        {
            var first = -1;
            for (var i = 0; i < _groups.Length; i++)
                if (_groups[i] is not null && _best[i] >= 0 && (first < 0 || _likeness[i, _best[i]] > _likeness[first, _best[first]]))
                    first = i;
            // Every pair within a model is spent, and no other is left.
            if (first < 0)
            {
                Array.Fill(_budget, 1);
                for (var i = 0; i < _groups.Length; i++)
                    FindBest(i);
                left++;
                continue;
            }
            Join(first, _best[first]);
        }
        return [.. _groups.OfType<List<int>>()];
    }

    /// <summary>The second, which has the higher number, joins the first.</summary>
    void Join(int first, int second)
    {
        _groups[first]!.AddRange(_groups[second]!);
        _groups[second] = null;
        for (var other = 0; other < _groups.Length; other++)
            _likeness[first, other] = _likeness[other, first] = _alpha * Math.Min(_likeness[first, other], _likeness[second, other]);
        var within = Origin(first) == Origin(second) && --_budget[Origin(first)] <= 0;
        for (var other = 0; other < _groups.Length; other++)
            if (other == first || _best[other] == first || _best[other] == second || within && Origin(other) == Origin(first))
                FindBest(other);
            else if (_groups[other] is not null && other < first && IsAllowed(other, first) && (_best[other] < 0 || _likeness[other, first] > _likeness[other, _best[other]]))
                _best[other] = first;
    }

    void FindBest(int feature)
    {
        _best[feature] = -1;
        if (_groups[feature] is null)
            return;
        for (var other = feature + 1; other < _groups.Length; other++)
            if (_groups[other] is not null && IsAllowed(feature, other) && (_best[feature] < 0 || _likeness[feature, other] > _likeness[feature, _best[feature]]))
                _best[feature] = other;
    }

    bool IsAllowed(int feature, int other) => Origin(feature) != Origin(other) || _budget[Origin(feature)] > 0;

    int Origin(int feature) => feature / _features;
}
