namespace Brickwork;

/// <summary>The address of one slot in a model, such as <c>layers.12.feedForward</c>.</summary>
/// <param name="Text">The names from the root down, joined by dots.</param>
public readonly record struct SlotPath(string Text)
{
    /// <summary>The address of layer <paramref name="index"/>.</summary>
    public static SlotPath Layer(int index) => new($"layers.{index}");

    /// <summary>The attention (or other token mixer) of the layer this path names.</summary>
    public SlotPath Attention => this / "attention";

    /// <summary>The feed-forward part of the layer this path names.</summary>
    public SlotPath FeedForward => this / "feedForward";

    /// <summary>The slot <paramref name="name"/> below <paramref name="parent"/>.</summary>
    public static SlotPath operator /(SlotPath parent, string name) => parent.Append(name);

    /// <summary>The slot <paramref name="name"/> below this one.</summary>
    public SlotPath Append(string name) => new(string.IsNullOrEmpty(Text) ? name : $"{Text}.{name}");

    /// <summary>Reads an address.</summary>
    public static implicit operator SlotPath(string text) => new(text);

    /// <summary>Reads an address.</summary>
    public static SlotPath FromString(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
