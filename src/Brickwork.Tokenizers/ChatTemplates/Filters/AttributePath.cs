using System.Globalization;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Filters;

/// <summary>An attribute named in an argument, with dots for steps: <c>map(attribute='function.name')</c>.</summary>
static class AttributePath
{
    public static Value Get(Value item, Value path, RenderBudget budget)
    {
        if (path is not TextValue text)
            return Members.Item(item, path, budget);
        foreach (var step in text.Text.Split('.'))
        {
            budget.Spend(1);
            var isPlace = long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var place);
            item = Members.Item(item, isPlace ? Value.Of(place) : Value.Of(step), budget);
        }
        return item;
    }
}
