using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Autograd;

/// <summary>A set of tensors that knows whether another one lies within one of them.</summary>
sealed class TensorRanges
{
    readonly Dictionary<TensorStorage, SortedList<long, long>> _ends = new(ReferenceEqualityComparer.Instance);
    readonly List<Tensor> _order = [];

    /// <summary>How many were added.</summary>
    public int Count => _order.Count;

    public void Add(Tensor tensor)
    {
        if (Contains(tensor))
            return;
        if (!_ends.TryGetValue(tensor.Memory, out var ends))
            _ends[tensor.Memory] = ends = [];
        ends[tensor.Offset] = tensor.Offset + tensor.Bytes;
        _order.Add(tensor);
    }

    /// <summary>Whether the tensor, or one of which it is a part, was added.</summary>
    public bool Contains(Tensor tensor)
    {
        if (!_ends.TryGetValue(tensor.Memory, out var ends))
            return false;
        var (low, high) = (0, ends.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ends.GetKeyAtIndex(middle) <= tensor.Offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low > 0 && tensor.Offset < ends.GetValueAtIndex(low - 1);
    }

    /// <summary>Removes all but the first ones.</summary>
    public void Truncate(int count)
    {
        foreach (var tensor in _order.Skip(count))
            _ends[tensor.Memory].Remove(tensor.Offset);
        _order.RemoveRange(count, _order.Count - count);
    }
}
