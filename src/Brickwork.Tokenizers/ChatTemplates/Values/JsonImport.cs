using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;

namespace Brickwork.Tokenizers.ChatTemplates.Values;

/// <summary>Turns JSON that a caller passes in (tools, documents, variables) into template values.</summary>
static class JsonImport
{
    public static Value ToValue(JsonNode? node, int depth = 0)
    {
        if (depth > RenderLimits.Nesting)
            throw new TemplateFault($"the JSON is nested deeper than {RenderLimits.Nesting} levels");
        return node switch
        {
            null => NoneValue.Instance,
            JsonArray array => new ListValue([.. array.Select(item => ToValue(item, depth + 1))]),
            JsonObject map => ToMap(map, depth),
            _ => ToScalar(node),
        };
    }

    static MapValue ToMap(JsonObject source, int depth)
    {
        var map = new MapValue();
        foreach (var (name, item) in source)
            map.Set(name, ToValue(item, depth + 1));
        return map;
    }

    static Value ToScalar(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.True => BooleanValue.True,
        JsonValueKind.False => BooleanValue.False,
        JsonValueKind.String => Value.Of(node.GetValue<string>()),
        JsonValueKind.Number => ToNumber(node.ToJsonString()),
        _ => NoneValue.Instance,
    };

    static Value ToNumber(string digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? Value.Of(integer)
            : new FloatValue(double.Parse(digits, CultureInfo.InvariantCulture));
}
