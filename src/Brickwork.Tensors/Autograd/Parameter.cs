namespace Brickwork;

/// <summary>A weight that is trained, and the sum of its gradients since somebody cleared them.</summary>
/// <param name="name">The tensor's name in a checkpoint, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="value">F32.</param>
/// <param name="gradient">F32, of the value's shape.</param>
public sealed class Parameter(string name, Tensor value, Tensor gradient)
{
    /// <summary>The tensor's name in a checkpoint.</summary>
    public string Name { get; } = name;

    /// <summary>The weights, F32; an optimizer changes them in place.</summary>
    public Tensor Value { get; } = value;

    /// <summary>The sum of gradients, F32, of the same shape.</summary>
    public Tensor Gradient { get; } = gradient;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Value}";
}
