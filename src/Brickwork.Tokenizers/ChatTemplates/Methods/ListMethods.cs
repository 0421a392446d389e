using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>The methods of Python's <c>list</c>; a tuple has only those that change nothing.</summary>
static class ListMethods
{
    public static Value? Find(ListValue receiver, string name)
    {
        Func<Arguments, RenderContext, Value>? method = name switch
        {
            "index" => (arguments, context) => Value.Of(Place(receiver, arguments.Single(name), context.Budget)),
            "count" => (arguments, context) => Count(receiver, arguments.Single(name), context.Budget),
            _ when receiver.IsTuple => null,
            "append" => (arguments, _) => Insert(receiver, receiver.Items.Count, arguments.Single(name)),
            "extend" => (arguments, context) => Extend(receiver, Sequences.Items(arguments.Single(name), context.Budget)),
            "insert" => (arguments, context) => InsertAt(receiver, arguments, context.Budget),
            "pop" => (arguments, context) => Pop(receiver, arguments, context.Budget),
            "remove" => (arguments, context) => Remove(receiver, arguments.Single(name), context.Budget),
            "clear" => (_, _) => Change(receiver.Items.Clear),
            "reverse" => (_, context) => Change(receiver.Items.Reverse, receiver.Items.Count, context.Budget),
            "copy" => (_, context) => new ListValue(Sequences.Items(receiver, context.Budget)),
            _ => null,
        };
        return method is null ? null : new CallableValue(name, method);
    }

    static long Place(ListValue list, Value value, RenderBudget budget)
    {
        var place = list.Items.FindIndex(item => ValueComparison.AreEqual(item, value, budget));
        return place >= 0 ? place : throw new TemplateFault($"{ValueText.Represent(value, budget)} is not in the list");
    }

    static Value Count(ListValue list, Value value, RenderBudget budget) =>
        Value.Of(list.Items.FindAll(item => ValueComparison.AreEqual(item, value, budget)).Count);

    static NoneValue Insert(ListValue list, int place, Value value)
    {
        RenderBudget.CheckCount(list.Items.Count + 1);
        list.Items.Insert(place, value);
        return NoneValue.Instance;
    }

    static NoneValue InsertAt(ListValue list, Arguments arguments, RenderBudget budget)
    {
        var bound = arguments.Bind("insert", "index", "object");
        var place = bound.Integer(0, 0);
        budget.SpendText(list.Items.Count);
        if (place < 0) place = Math.Max(0, place + list.Items.Count);
        return Insert(list, (int)Math.Min(place, list.Items.Count), bound.Required(1));
    }

    static NoneValue Extend(ListValue list, List<Value> items)
    {
        RenderBudget.CheckCount((long)list.Items.Count + items.Count);
        list.Items.AddRange(items);
        return NoneValue.Instance;
    }

    static Value Pop(ListValue list, Arguments arguments, RenderBudget budget)
    {
        var place = arguments.Bind("pop", "index").Integer(0, -1);
        if (place < 0) place += list.Items.Count;
        if (place < 0 || place >= list.Items.Count)
            throw new TemplateFault("'pop' finds no item at its index");
        budget.SpendText(list.Items.Count);
        var item = list.Items[(int)place];
        list.Items.RemoveAt((int)place);
        return item;
    }

    static NoneValue Remove(ListValue list, Value value, RenderBudget budget)
    {
        list.Items.RemoveAt((int)Place(list, value, budget));
        return NoneValue.Instance;
    }

    static NoneValue Change(Action change)
    {
        change();
        return NoneValue.Instance;
    }

    static NoneValue Change(Action change, int work, RenderBudget budget)
    {
        budget.SpendText(work);
        return Change(change);
    }
}
