using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Autograd;

/// <summary>A set of tensors that knows whether another one lies within one of them, and can go back to what it was.</summary>
sealed class TensorRanges
{
    readonly Coverage _bytes = new();
    readonly List<(TensorStorage Storage, long From, long To)> _order = [];

    /// <summary>How many stretches were added.</summary>
    public int Count => _order.Count;

    public void Add(Tensor tensor)
    {
        foreach (var (from, to) in _bytes.Add(tensor))
            _order.Add((tensor.Memory, from, to));
    }

    /// <summary>Whether the tensor, or one of which it is a part, was added.</summary>
    public bool Contains(Tensor tensor) => _bytes.Contains(tensor.Memory, tensor.Offset);

    /// <summary>Removes all but the first ones.</summary>
    public void Truncate(int count)
    {
        foreach (var (storage, from, to) in _order.Skip(count))
            _bytes.Remove(storage, from, to);
        _order.RemoveRange(count, _order.Count - count);
    }
}
