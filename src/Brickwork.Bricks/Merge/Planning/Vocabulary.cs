namespace Brickwork.Bricks.Merge.Planning;

/// <summary>The tokens of the result, and the row each has in each model.</summary>
/// <remarks>Where a model lacks a token, it gets the base's row, or else the mean of the rows of those that have it.</remarks>
sealed class Vocabulary
{
    readonly Dictionary<MergeModel, int[]> _rows = [];
    readonly MergeModel? _base;

    Vocabulary(IReadOnlyList<string> tokens, int rows, IEnumerable<MergeModel> models, MergeModel? origin)
    {
        (Tokens, Rows, _base) = (tokens, rows, origin);
        foreach (var model in models)
        {
            var ids = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var id = 0; id < model.Tokens!.Length; id++)
                ids.TryAdd(model.Tokens[id], id);
            _rows[model] = [.. tokens.Select(token => ids.GetValueOrDefault(token, -1))];
        }
    }

    public IReadOnlyList<string> Tokens { get; }

    /// <summary>At least as many as tokens.</summary>
    public int Rows { get; }

    /// <summary>A vocabulary by a rule.</summary>
    /// <param name="first">The model whose tokens come first.</param>
    /// <param name="all">Whether the tokens of the others follow.</param>
    /// <param name="models">The models to be merged.</param>
    /// <param name="origin">The base, or null.</param>
    /// <param name="multiple">Rows are filled up to a multiple of this.</param>
    public static Vocabulary Of(MergeModel first, bool all, IReadOnlyList<MergeModel> models, MergeModel? origin, int multiple)
    {
        List<string> tokens = [.. first.Tokens!];
        var known = tokens.ToHashSet(StringComparer.Ordinal);
        if (all)
            tokens.AddRange(models.SelectMany(model => model.Tokens!).Where(known.Add));
        return new(tokens, (tokens.Count + multiple - 1) / multiple * multiple, models, origin);
    }

    /// <summary>The values of a model's tensor in the order of this vocabulary; rows without a token are zero.</summary>
    public float[] Arrange(MergeModel model, Func<MergeModel, float[]> load, int columns)
    {
        var loaded = new Dictionary<MergeModel, float[]>();
        float[] Of(MergeModel which) => loaded.TryGetValue(which, out var values) ? values : loaded[which] = load(which);
        var result = new float[checked(Rows * columns)];
        for (var id = 0; id < Tokens.Count; id++)
        {
            MergeModel[] owners = RowOf(model, id) >= 0 ? [model] : _base is not null && RowOf(_base, id) >= 0 ? [_base] : [.. _rows.Keys.Where(other => RowOf(other, id) >= 0)];
            for (var column = 0; column < columns; column++)
            {
                var sum = 0.0;
                foreach (var owner in owners)
                    sum += Of(owner)[RowOf(owner, id) * columns + column];
                result[id * columns + column] = (float)(sum / Math.Max(1, owners.Length));
            }
        }
        return result;
    }

    int RowOf(MergeModel model, int id) => _rows.TryGetValue(model, out var rows) ? rows[id] : -1;
}
