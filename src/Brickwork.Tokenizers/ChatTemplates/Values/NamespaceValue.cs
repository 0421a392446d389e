namespace Brickwork.Tokenizers.ChatTemplates.Values;

/// <summary>The only value whose attributes a template may set; it carries results out of a loop.</summary>
sealed class NamespaceValue(Dictionary<string, Value> attributes) : Value
{
    public Dictionary<string, Value> Attributes => attributes;

    public override string TypeName => "namespace";

    public override bool IsTrue => true;
}
