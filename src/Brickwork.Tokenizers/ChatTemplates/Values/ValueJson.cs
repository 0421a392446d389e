using System.Globalization;
using System.Text;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;

namespace Brickwork.Tokenizers.ChatTemplates.Values;

/// <summary>Writes values as JSON the way Python's <c>json.dumps</c> does, which differs from .NET in spacing and escapes.</summary>
/// <remarks>A model has seen its tools in exactly this spacing; a changed blank is a changed prompt.</remarks>
sealed class ValueJson(RenderBudget budget)
{
    readonly StringBuilder _output = new();

    /// <summary>Spaces or text per level; null writes one line.</summary>
    public string? Indent { get; init; }

    public string ItemSeparator { get; init; } = ", ";

    public string KeySeparator { get; init; } = ": ";

    public bool SortsKeys { get; init; }

    public bool EscapesNonAscii { get; init; }

    public string Write(Value value)
    {
        Append(value, depth: 0);
        return _output.ToString();
    }

    void Append(Value value, int depth)
    {
        budget.Spend(1);
        RenderBudget.CheckDepth(depth);
        RenderBudget.CheckLength(_output.Length);
        switch (value)
        {
            case NoneValue: _output.Append("null"); break;
            case BooleanValue boolean: _output.Append(boolean.IsTrue ? "true" : "false"); break;
            case IntegerValue integer: _output.Append(integer.Number); break;
            case FloatValue number: _output.Append(NumberText(number.Number)); break;
            case TextValue text: AppendQuoted(text.Text); break;
            case ListValue list: AppendItems('[', ']', list.Items, depth, item => Append(item, depth + 1)); break;
            case MapValue map: AppendItems('{', '}', Ordered(map), depth, entry => AppendEntry(entry, depth + 1)); break;
            default: throw new TemplateFault($"an object of type {value.TypeName} cannot be written as JSON");
        }
    }

    void AppendItems<T>(char open, char close, IReadOnlyCollection<T> items, int depth, Action<T> append)
    {
        _output.Append(open);
        var separator = "";
        foreach (var item in items)
        {
            _output.Append(separator);
            BreakLine(depth + 1);
            append(item);
            separator = ItemSeparator;
        }
        if (items.Count > 0)
            BreakLine(depth);
        _output.Append(close);
    }

    void AppendEntry((Value Key, Value Value) entry, int depth)
    {
        AppendQuoted(KeyText(entry.Key));
        _output.Append(KeySeparator);
        Append(entry.Value, depth);
    }

    List<(Value Key, Value Value)> Ordered(MapValue map) =>
        SortsKeys ? [.. map.Entries.OrderBy(entry => KeyText(entry.Key), StringComparer.Ordinal)] : [.. map.Entries];

    void BreakLine(int depth)
    {
        if (Indent is null) return;
        _output.Append('\n');
        for (var i = 0; i < depth; i++) _output.Append(Indent);
    }

    void AppendQuoted(string text)
    {
        _output.Append('"');
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => _output.Append("\\\""),
                '\\' => _output.Append("\\\\"),
                '\n' => _output.Append("\\n"),
                '\r' => _output.Append("\\r"),
                '\t' => _output.Append("\\t"),
                '\b' => _output.Append("\\b"),
                '\f' => _output.Append("\\f"),
                < ' ' => AppendEscape(letter),
                > '~' when EscapesNonAscii && letter != '\x7F' => AppendEscape(letter),
                _ => _output.Append(letter),
            };
        }
        _output.Append('"');
    }

    StringBuilder AppendEscape(char letter) => _output.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");

    static string KeyText(Value key) => key switch
    {
        TextValue text => text.Text,
        NoneValue => "null",
        BooleanValue boolean => boolean.IsTrue ? "true" : "false",
        IntegerValue integer => PythonNumber.Text(integer.Number),
        FloatValue number => NumberText(number.Number),
        _ => throw new TemplateFault($"a {key.TypeName} cannot be a key in JSON"),
    };

    static string NumberText(double number) =>
        double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity") : PythonNumber.Text(number);
}
