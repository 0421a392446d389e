namespace Brickwork.Models.Slots;

/// <summary>Walks and rebuilds a tree of parts by slot path.</summary>
static class PartTree
{
    /// <summary>Every slot below <paramref name="root"/> with its full path, parents before children.</summary>
    public static IEnumerable<(SlotPath Path, IPart Part)> Walk(IPart root, SlotPath at = default)
    {
        foreach (var slot in root.Slots)
        {
            var path = at / slot.Name;
            yield return (path, slot.Part);
            foreach (var below in Walk(slot.Part, path))
                yield return below;
        }
    }

    /// <summary>What stands at <paramref name="path"/>.</summary>
    /// <exception cref="SlotNotFoundException">There is no such slot.</exception>
    public static IPart Find(IPart root, SlotPath path)
    {
        var (slot, rest) = Step(root, path.Text, path);
        return rest.Length == 0 ? slot.Part : Find(slot.Part, rest);
    }

    /// <summary>A copy of <paramref name="root"/> with <paramref name="part"/> at <paramref name="path"/>; the rest is shared.</summary>
    /// <exception cref="SlotNotFoundException">There is no such slot.</exception>
    public static IPart Replace(IPart root, SlotPath path, IPart part) => Replace(root, path.Text, part, path);

    /// <summary>A copy of <paramref name="root"/> in which every part below it went through <paramref name="change"/>, children first.</summary>
    /// <remarks>What no change touches is shared.</remarks>
    public static IPart Rewrite(IPart root, Func<IPart, IPart> change)
    {
        var slots = root.Slots;
        for (var index = 0; index < slots.Count; index++)
        {
            var old = slots[index].Part;
            var changed = change(Rewrite(old, change));
            if (ReferenceEquals(old, changed))
                continue;
            root = slots[index].Replace(changed);
            slots = root.Slots;
        }
        return root;
    }

    static IPart Replace(IPart owner, string text, IPart part, SlotPath whole)
    {
        var (slot, rest) = Step(owner, text, whole);
        return slot.Replace(rest.Length == 0 ? part : Replace(slot.Part, rest, part, whole));
    }

    static (Slot Slot, string Below) Step(IPart owner, string text, SlotPath whole)
    {
        foreach (var slot in owner.Slots)
        {
            if (text == slot.Name)
                return (slot, "");
            if (text.Length > slot.Name.Length + 1 && text.StartsWith(slot.Name, StringComparison.Ordinal) && text[slot.Name.Length] == '.')
                return (slot, text[(slot.Name.Length + 1)..]);
        }
        var known = string.Join(", ", owner.Slots.Take(12).Select(slot => slot.Name));
        throw new SlotNotFoundException(
            $"Slot '{whole}' does not exist: nothing is called '{text}' there; found {(known.Length == 0 ? "no slots" : known)}.",
            "List all slots: brick inspect --slots");
    }
}
