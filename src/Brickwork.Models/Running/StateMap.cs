using Brickwork.Models.Slots;

namespace Brickwork.Models.Running;

/// <summary>Numbers the parts of a decoder that remember something, so that a sequence can hold one state for each.</summary>
sealed class StateMap
{
    // By reference: parts are records, and comparing two of them by value would walk whole subtrees.
    readonly List<Dictionary<IPart, int>> _byLayer = [];
    readonly List<IStateful> _parts = [];

    public StateMap(IReadOnlyList<IPart> layers)
    {
        foreach (var layer in layers)
        {
            var known = new Dictionary<IPart, int>(ReferenceEqualityComparer.Instance);
            foreach (var part in PartTree.Walk(layer).Select(slot => slot.Part).Prepend(layer).OfType<IStateful>())
                if (known.TryAdd(part, _parts.Count))
                    _parts.Add(part);
            _byLayer.Add(known);
        }
    }

    /// <summary>Whether some part looks at later rows.</summary>
    public bool LooksAhead => _parts.Exists(part => part.LooksAhead);

    /// <exception cref="InvalidOperationException">The walk over the slots did not find the part.</exception>
    public int IndexOf(int layer, IStateful part) => _byLayer[layer].TryGetValue(part, out var index) ? index : throw new InvalidOperationException(
        $"A {part.GetType().Name} runs in layer {layer} but stands in no slot there. A part that wraps another must list it in its Slots.");

    public SequenceState[] Create(StateFactory factory) => [.. _parts.Select(part => part.CreateState(factory))];
}
