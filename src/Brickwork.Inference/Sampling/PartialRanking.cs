namespace Brickwork.Inference.Sampling;

/// <summary>Brings the smallest items of a span to its front, in order, and leaves the rest unsorted: few tokens of a vocabulary ever matter.</summary>
static class PartialRanking
{
    const int SmallestPortion = 64;
    const int Growth = 4;

    /// <summary>Ranks at least <paramref name="wanted"/> items, in portions that grow, so that asking for one more after another is cheap.</summary>
    /// <param name="items">All of them; equal ones cannot be told apart.</param>
    /// <param name="ranked">How many at the front are in order already; none of the others is smaller.</param>
    /// <param name="wanted">How many are needed.</param>
    /// <returns>How many are in order now.</returns>
    internal static int Extend<T>(Span<T> items, int ranked, int wanted) where T : struct, IComparable<T>
    {
        if (ranked >= wanted)
            return ranked;
        var rest = items[ranked..];
        var portion = Math.Max(wanted - ranked, Math.Max(SmallestPortion, (Growth - 1) * ranked));
        if (portion >= rest.Length / 4)
            portion = rest.Length;
        else
            Select(rest, portion);
        rest[..portion].Sort();
        return ranked + portion;
    }

    // A heap of the smallest items stands at the front, its greatest at the root: about one comparison for each item.
    static void Select<T>(Span<T> items, int count) where T : struct, IComparable<T>
    {
        var heap = items[..count];
        for (var parent = count / 2 - 1; parent >= 0; parent--)
            Sink(heap, parent);
        for (var next = count; next < items.Length; next++)
        {
            if (items[next].CompareTo(heap[0]) >= 0)
                continue;
            (heap[0], items[next]) = (items[next], heap[0]);
            Sink(heap, 0);
        }
    }

    static void Sink<T>(Span<T> heap, int parent) where T : struct, IComparable<T>
    {
        while (2 * parent + 1 < heap.Length)
        {
            var child = 2 * parent + 1;
            if (child + 1 < heap.Length && heap[child + 1].CompareTo(heap[child]) > 0)
                child++;
            if (heap[parent].CompareTo(heap[child]) >= 0)
                return;
            (heap[parent], heap[child]) = (heap[child], heap[parent]);
            parent = child;
        }
    }
}
