using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Autograd;

/// <summary>Which bytes of some storages were written: stretches that neither overlap nor touch.</summary>
sealed class Coverage
{
    readonly Dictionary<TensorStorage, SortedList<long, long>> _ends = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds the bytes of a tensor.</summary>
    /// <returns>The stretches of them that were not there before.</returns>
    public IReadOnlyList<(long From, long To)> Add(Tensor tensor)
    {
        if (!_ends.TryGetValue(tensor.Memory, out var ends))
            _ends[tensor.Memory] = ends = [];
        List<(long, long)> gaps = [];
        var (start, end) = (tensor.Offset, tensor.Offset + tensor.Bytes);
        var (at, last) = (start, end);
        for (var index = FirstBehind(ends, start); index < ends.Count && ends.GetKeyAtIndex(index) <= last;)
        {
            var (from, to) = (ends.GetKeyAtIndex(index), ends.GetValueAtIndex(index));
            if (from > at)
                gaps.Add((at, from));
            (start, end, at) = (Math.Min(start, from), Math.Max(end, to), Math.Max(at, to));
            ends.RemoveAt(index);
        }
        if (at < last)
            gaps.Add((at, last));
        if (start < end)
            ends[start] = end;
        return gaps;
    }

    /// <summary>Whether a byte is among them.</summary>
    public bool Contains(TensorStorage storage, long place) =>
        _ends.TryGetValue(storage, out var ends) && FirstBehind(ends, place + 1) is var index && index < ends.Count && ends.GetKeyAtIndex(index) <= place;

    /// <summary>Takes bytes out.</summary>
    public void Remove(TensorStorage storage, long from, long to)
    {
        if (from >= to || !_ends.TryGetValue(storage, out var ends))
            return;
        for (var index = FirstBehind(ends, from); index < ends.Count && ends.GetKeyAtIndex(index) < to;)
        {
            var (start, end) = (ends.GetKeyAtIndex(index), ends.GetValueAtIndex(index));
            ends.RemoveAt(index);
            if (start < from)
                ends[start] = from;
            if (end > to)
                ends[to] = end;
            index += start < from ? 1 : 0;
        }
    }

    /// <summary>The index of the first stretch that does not end before a place.</summary>
    static int FirstBehind(SortedList<long, long> ends, long place)
    {
        var (low, high) = (0, ends.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ends.GetValueAtIndex(middle) < place)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
