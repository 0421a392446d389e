using System.Collections.Frozen;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;

namespace Brickwork.Tokenizers.ChatTemplates.Filters;

/// <summary>All filters by name.</summary>
static class FilterTable
{
    static readonly FrozenDictionary<string, Filter> Filters = Collect();

    /// <summary>The filter of this name, or null.</summary>
    public static Filter? Find(string name) => Filters.GetValueOrDefault(name);

    static FrozenDictionary<string, Filter> Collect()
    {
        var filters = new Dictionary<string, Filter>();
        TextFilters.AddTo(filters);
        NumberFilters.AddTo(filters);
        SequenceFilters.AddTo(filters);
        OrderFilters.AddTo(filters);
        SelectionFilters.AddTo(filters);
        JsonFilter.AddTo(filters);
        return filters.ToFrozenDictionary();
    }
}
