using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Methods;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Filters;

/// <summary>Filters that take sequences apart and put them together.</summary>
static class SequenceFilters
{
    public static void AddTo(Dictionary<string, Filter> filters)
    {
        filters["length"] = Length;
        filters["count"] = Length;
        filters["list"] = (input, _, context) => new ListValue(Sequences.Items(input, context.Budget));
        filters["first"] = (input, _, context) => Sequences.Items(input, context.Budget) is [var first, ..] ? first : Missing("first");
        filters["last"] = (input, _, context) => Sequences.Items(input, context.Budget) is [.., var last] ? last : Missing("last");
        filters["reverse"] = Reverse;
        filters["items"] = Items;
        filters["batch"] = Batch;
        filters["slice"] = Slices;
        filters["attr"] = (input, arguments, _) => Members.Attribute(input, arguments.Bind("attr", "name").RequiredText(0));
    }

    static UndefinedValue Missing(string which) => new($"an empty sequence has no {which} item");

    static Value Length(Value input, Arguments arguments, RenderContext context) => Value.Of(input switch
    {
        TextValue text => Slicing.Length(text.Text),
        ListValue list => list.Items.Count,
        MapValue map => map.Count,
        UndefinedValue => 0,
        _ => throw new TemplateFault($"a {input.TypeName} has no length"),
    });

    static Value Reverse(Value input, Arguments arguments, RenderContext context)
    {
        if (input is TextValue)
            return Slicing.Slice(input, null, null, Value.Of(-1), context.Budget);
        var items = Sequences.Items(input, context.Budget);
        items.Reverse();
        return new ListValue(items);
    }

    static ListValue Items(Value input, Arguments arguments, RenderContext context) => input switch
    {
        MapValue map => MapMethods.Items(map, context.Budget),
        UndefinedValue => new ListValue([]),
        _ => throw new TemplateFault($"items needs a dict, found a {input.TypeName}"),
    };

    static ListValue Batch(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("batch", "linecount", "fill_with");
        var size = (int)Math.Clamp(bound.Integer(0, 0), 0, RenderLimits.ListLength);
        if (size == 0)
            throw new TemplateFault("batch needs a size of at least one");
        var rows = Sequences.Items(input, context.Budget).Chunk(size).Select(row => row.ToList()).ToList();
        if (bound[1] is not (null or NoneValue) && rows.Count > 0)
        {
            context.Budget.CopyItems(size);
            while (rows[^1].Count < size) rows[^1].Add(bound.Required(1));
        }
        return new ListValue(rows.ConvertAll(Value (row) => new ListValue(row)));
    }

    static ListValue Slices(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("slice", "slices", "fill_with");
        var count = (int)Math.Clamp(bound.Integer(0, 0), 0, RenderLimits.ListLength);
        if (count == 0)
            throw new TemplateFault("slice needs a count of at least one");
        context.Budget.CopyItems(count);
        var items = Sequences.Items(input, context.Budget);
        var (size, longer) = Math.DivRem(items.Count, count);
        var columns = new List<Value>(count);
        for (var (column, start) = (0, 0); column < count; column++)
        {
            var end = start + size + (column < longer ? 1 : 0);
            var part = items[start..end];
            if (bound[1] is not (null or NoneValue) && column >= longer) part.Add(bound.Required(1));
            columns.Add(new ListValue(part));
            start = end;
        }
        return new ListValue(columns);
    }
}
