namespace Brickwork;

/// <summary>Something that can stand in a slot of a model: it turns rows of hidden values into rows of hidden values.</summary>
/// <remarks>Parts are immutable and shared between models; whatever changes during a pass belongs to the context.</remarks>
public interface IPart
{
    /// <summary>Computes this part on rows that may belong to several sequences.</summary>
    /// <param name="input">[T, in]; not changed unless the part says so.</param>
    /// <param name="context">Scratch memory, row layout and per-sequence state of this pass.</param>
    /// <returns>[T, out], in the context's scratch memory.</returns>
    Tensor Forward(Tensor input, ForwardContext context);

    /// <summary>
    /// Whether the part tells the tape of a pass what it computes, so that its weights, and those before it, can be trained.
    /// </summary>
    bool HasGradient => false;

    /// <summary>The places inside this part where another part can be put; none for a leaf.</summary>
    IReadOnlyList<Slot> Slots => [];
}

/// <summary>A named place inside a part, what stands in it, and how to get a copy of the owner with something else there.</summary>
/// <param name="Name">The name below the owner, such as <c>attention</c> or <c>layers.3</c>.</param>
/// <param name="Part">What stands there now.</param>
/// <param name="Replace">Gives a copy of the owner with another part there; everything else is shared.</param>
public sealed record Slot(string Name, IPart Part, Func<IPart, IPart> Replace)
{
    /// <summary>The slot, or no slot where nothing stands in it.</summary>
    internal static IEnumerable<Slot> Optional(string name, IPart? part, Func<IPart, IPart> replace)
    {
        if (part is not null)
            yield return new Slot(name, part, replace);
    }

    /// <summary>One slot for each part of a list: <c>name.0</c>, <c>name.1</c>, …</summary>
    internal static IEnumerable<Slot> Each(string name, IReadOnlyList<IPart> parts, Func<IReadOnlyList<IPart>, IPart> replace) =>
        parts.Select((part, index) => new Slot($"{name}.{index}", part, other =>
        {
            IPart[] copy = [.. parts];
            copy[index] = other;
            return replace(copy);
        }));
}
