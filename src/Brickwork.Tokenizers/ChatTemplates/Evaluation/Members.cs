using Brickwork.Tokenizers.ChatTemplates.Methods;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>Attributes and items: <c>x.name</c> looks for a method first, <c>x['name']</c> for an item first.</summary>
static class Members
{
    public static Value Attribute(Value target, string name)
    {
        if (target is UndefinedValue undefined)
            throw new TemplateFault(undefined.Description);
        return OwnAttribute(target, name) ?? Entry(target, name) ?? Missing(target, $"attribute '{name}'");
    }

    public static Value Item(Value target, Value index, RenderBudget budget)
    {
        if (target is UndefinedValue undefined)
            throw new TemplateFault(undefined.Description);
        var item = (target, index) switch
        {
            (MapValue map, not (ListValue or MapValue or UndefinedValue)) => map.TryGet(index, out var found) ? found : null,
            (ListValue list, IntegerValue or BooleanValue) => At(list, Position(index)),
            (TextValue text, IntegerValue or BooleanValue) => Slicing.At(text, Position(index), budget),
            _ => null,
        };
        if (item is null && index is TextValue name)
            item = OwnAttribute(target, name.Text);
        return item ?? Missing(target, $"item {ValueText.Represent(index, budget)}");
    }

    static Value? Entry(Value target, string name) => target is MapValue map && map.TryGet(name, out var value) ? value : null;

    static Value? OwnAttribute(Value target, string name) => target switch
    {
        MapValue map => MapMethods.Find(map, name),
        TextValue text => TextMethods.Find(text, name),
        ListValue list => ListMethods.Find(list, name),
        NamespaceValue space => space.Attributes.GetValueOrDefault(name),
        LoopValue loop => loop.Attribute(name),
        _ => null,
    };

    static Value? At(ListValue list, long index)
    {
        if (index < 0) index += list.Items.Count;
        return index >= 0 && index < list.Items.Count ? list.Items[(int)index] : null;
    }

    static long Position(Value index) => index is IntegerValue integer ? integer.Number : index.IsTrue ? 1 : 0;

    static UndefinedValue Missing(Value target, string member) => new($"a {target.TypeName} has no {member}");
}
