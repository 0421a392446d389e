using System.Diagnostics.CodeAnalysis;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;

namespace Brickwork.Tokenizers.ChatTemplates.Values;

/// <summary>A dictionary that keeps the order of insertion.</summary>
sealed class MapValue : Value
{
    readonly OrderedDictionary<object, (Value Key, Value Value)> _entries = [];

    public override string TypeName => "dict";

    public override bool IsTrue => _entries.Count > 0;

    public int Count => _entries.Count;

    public IEnumerable<Value> Keys => _entries.Values.Select(entry => entry.Key);

    public IEnumerable<Value> Values => _entries.Values.Select(entry => entry.Value);

    public IEnumerable<(Value Key, Value Value)> Entries => _entries.Values;

    public bool TryGet(Value key, [MaybeNullWhen(false)] out Value value)
    {
        var found = _entries.TryGetValue(Identity(key), out var entry);
        value = entry.Value;
        return found;
    }

    public bool TryGet(string key, [MaybeNullWhen(false)] out Value value)
    {
        var found = _entries.TryGetValue(key, out var entry);
        value = entry.Value;
        return found;
    }

    public void Set(Value key, Value value)
    {
        var identity = Identity(key);
        var kept = _entries.TryGetValue(identity, out var entry) ? entry.Key : key;
        _entries[identity] = (kept, value);
    }

    public void Set(string key, Value value) => Set(Of(key), value);

    public bool Remove(Value key) => _entries.Remove(Identity(key));

    // 1, 1.0 and true are one key, as in Python.
    static object Identity(Value key) => key switch
    {
        TextValue text => text.Text,
        IntegerValue integer => (double)integer.Number,
        FloatValue number => number.Number,
        BooleanValue boolean => boolean.IsTrue ? 1.0 : 0.0,
        NoneValue => NoneValue.Instance,
        _ => throw new TemplateFault($"a {key.TypeName} cannot be the key of a dict"),
    };
}
