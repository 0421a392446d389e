using Brickwork.Bricks.Merge.Recipes;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>The tokens of the result, and the row each has in each model.</summary>
/// <remarks>Where a model lacks a token, it gets the base's row, or else the mean of the rows of those that have it.</remarks>
sealed class Vocabulary
{
    readonly Dictionary<MergeModel, int[]> _rows = [];
    readonly Dictionary<MergeModel, Dictionary<string, int>> _ids = [];
    readonly MergeModel? _base;
    readonly IReadOnlyDictionary<string, TokenRule> _rules;

    Vocabulary(MergeModel first, IReadOnlyList<string> tokens, int rows, IReadOnlyList<MergeModel> models, MergeModel? origin, IReadOnlyDictionary<string, TokenRule> rules)
    {
        (First, Tokens, Rows, _base, _rules) = (first, tokens, rows, origin, rules);
        foreach (var model in models)
        {
            var ids = _ids[model] = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var id = 0; id < model.Tokens!.Length; id++)
                ids.TryAdd(model.Tokens[id], id);
            _rows[model] = [.. tokens.Select(token => ids.GetValueOrDefault(token, -1))];
        }
    }

    /// <summary>The model whose tokens come first, and whose tokenizer the result has.</summary>
    public MergeModel First { get; }

    public IReadOnlyList<string> Tokens { get; }

    /// <summary>At least as many as tokens.</summary>
    public int Rows { get; }

    /// <summary>A vocabulary by a rule.</summary>
    /// <param name="first">The model whose tokens come first.</param>
    /// <param name="all">Whether the tokens of the others follow.</param>
    /// <param name="models">The models to be merged.</param>
    /// <param name="origin">The base, or null.</param>
    /// <param name="rule">Single tokens, and a number of which rows are a multiple.</param>
    public static Vocabulary Of(MergeModel first, bool all, IReadOnlyList<MergeModel> models, MergeModel? origin, TokenizerRule rule)
    {
        List<string> tokens = [.. first.Tokens!];
        var known = tokens.ToHashSet(StringComparer.Ordinal);
        if (all)
            tokens.AddRange(models.SelectMany(model => model.Tokens!).Where(known.Add));
        return new(first, tokens, (tokens.Count + rule.PadToMultipleOf - 1) / rule.PadToMultipleOf * rule.PadToMultipleOf, models, origin, rule.Tokens);
    }

    /// <summary>What is said about tokens that nobody has.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var (token, rule) in _rules)
        {
            if (!Tokens.Contains(token, StringComparer.Ordinal))
                yield return $"the token '{token}' of 'tokenizer.tokens' is not in the vocabulary of the result.";
            if (rule.Model is { } reference && ModelOf(reference) is var model && RowOf(model, token, rule) is not { } row)
                yield return $"{reference} has no token {(rule.Id is { } id ? $"{id}; it has {model.Tokens!.Length}" : $"'{rule.Token ?? token}'")}, of which the row of '{token}' is to be made.";
        }
    }

    /// <summary>The values of a model's tensor in the order of this vocabulary; rows without a token are zero.</summary>
    public float[] Arrange(MergeModel model, Func<MergeModel, float[]> load, int columns)
    {
        var loaded = new Dictionary<MergeModel, float[]>();
        float[] Of(MergeModel which) => loaded.TryGetValue(which, out var values) ? values : loaded[which] = load(which);
        var result = new float[checked(Rows * columns)];
        for (var id = 0; id < Tokens.Count; id++)
        {
            var owners = OwnersOf(model, id);
            for (var column = 0; column < columns; column++)
            {
                var sum = 0.0;
                foreach (var (owner, row) in owners)
                    sum += Of(owner)[row * columns + column];
                result[id * columns + column] = (float)(sum / Math.Max(1, owners.Count));
            }
        }
        return result;
    }

    /// <summary>The rows whose mean a token gets in a model.</summary>
    IReadOnlyList<(MergeModel Model, int Row)> OwnersOf(MergeModel model, int id)
    {
        var rule = _rules.GetValueOrDefault(Tokens[id]);
        if (RowOf(model, id) >= 0 && rule is not { Force: true })
            return [(model, RowOf(model, id))];
        if (rule is { IsZero: true })
            return [];
        if (rule is { Model: { } reference })
            return [(ModelOf(reference), RowOf(ModelOf(reference), Tokens[id], rule)!.Value)];
        return _base is not null && RowOf(_base, id) >= 0 ? [(_base, RowOf(_base, id))]
            : [.. _rows.Keys.Where(other => RowOf(other, id) >= 0).Select(other => (other, RowOf(other, id)))];
    }

    MergeModel ModelOf(string reference) => _rows.Keys.First(model => model.Reference == reference);

    int RowOf(MergeModel model, int id) => _rows.TryGetValue(model, out var rows) ? rows[id] : -1;

    int? RowOf(MergeModel model, string token, TokenRule rule) =>
        rule.Id is { } id ? id < model.Tokens!.Length ? id : null
        : _ids[model].TryGetValue(rule.Token ?? token, out var row) ? row : null;
}
