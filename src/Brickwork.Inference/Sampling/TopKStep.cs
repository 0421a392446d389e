namespace Brickwork.Inference.Sampling;

/// <summary>Keeps the k likeliest candidates, ranked.</summary>
sealed class TopKStep(int k) : ICandidateStep
{
    public void Apply(Candidates candidates)
    {
        if (k < candidates.Count)
            Select(candidates.Keys);
        if (k < candidates.Count)
            candidates.Truncate(k);
        candidates.Sort();
    }

    // A heap of the k smallest keys stands at the front, its greatest key at the root: V comparisons instead of a sort of all V.
    void Select(Span<ulong> keys)
    {
        var heap = keys[..k];
        for (var parent = k / 2 - 1; parent >= 0; parent--)
            Sink(heap, parent);
        for (var next = k; next < keys.Length; next++)
        {
            if (keys[next] > heap[0])
                continue;
            (heap[0], keys[next]) = (keys[next], heap[0]);
            Sink(heap, 0);
        }
    }

    static void Sink(Span<ulong> heap, int parent)
    {
        while (2 * parent + 1 < heap.Length)
        {
            var child = 2 * parent + 1;
            if (child + 1 < heap.Length && heap[child + 1] > heap[child])
                child++;
            if (heap[parent] >= heap[child])
                return;
            (heap[parent], heap[child]) = (heap[child], heap[parent]);
            parent = child;
        }
    }
}
