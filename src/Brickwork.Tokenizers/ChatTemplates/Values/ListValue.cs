namespace Brickwork.Tokenizers.ChatTemplates.Values;

/// <summary>A list, or a tuple, which differs in how it prints and in that nothing may be added.</summary>
sealed class ListValue(List<Value> items, bool isTuple) : Value
{
    public ListValue(List<Value> items) : this(items, isTuple: false)
    {
    }

    public List<Value> Items => items;

    public bool IsTuple => isTuple;

    public override string TypeName => isTuple ? "tuple" : "list";

    public override bool IsTrue => items.Count > 0;

    public static ListValue Tuple(params List<Value> items) => new(items, isTuple: true);
}
